import type { IncidentChange } from '../incidents/incident.js'

/** What has happened, in a sentence. */
export function alertText({ change, incident, judgedSeconds }: IncidentChange): string {
  const { severity, title, startedSeconds, endedSeconds } = incident
  switch (change) {
    case 'opened':
      return `${capital(severity)}: ${title}`
    case 'escalated':
      return `Now ${severity}: ${title}`
    case 'resolved':
      return `Resolved after ${spanText((endedSeconds ?? judgedSeconds) - startedSeconds)}: ${title}`
  }
}

/** The first characters of a text, and a sign where there were more. */
export function cutText(text: string, charsMax: number): string {
  const characters = Array.from(text)
  return characters.length <= charsMax ? text : `${characters.slice(0, charsMax - 1).join('')}…`
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1)
}

function spanText(seconds: number): string {
  const minutes = Math.max(1, Math.round(seconds / 60))
  if (minutes === 1) return '1 minute'
  if (minutes < 120) return `${minutes} minutes`
  return `${Math.round(minutes / 6) / 10} hours`
}
