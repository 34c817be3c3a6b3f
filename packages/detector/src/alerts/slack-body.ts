import type { IncidentChange } from '../incidents/incident.js'
import { causesOf } from './alert-body.js'
import { alertText, cutText } from './alert-text.js'

/** Slack refuses longer headers, in characters: https://docs.slack.dev/reference/block-kit/blocks/header-block. */
const headerCharsMax = 150
/** Slack takes sections of 3,000 characters; escaping may make five of each. */
const sectionCharsMax = 600
/** Of one value in the line below the summary. */
const valueCharsMax = 100
/** Values of a kind in that line; Slack takes ten elements in all. */
const valuesMax = 3

/**
 * An alert as Slack shows it. `text` is for notifications, the blocks for readers. The id stands in the body as the name
 * of the first block, which Slack shows nobody.
 */
export function slackBody(alertId: string, told: IncidentChange, url: string | undefined): object {
  const text = alertText(told)
  const elements = contextOf(told, url).map((line) => ({ type: 'mrkdwn', text: line }))
  return {
    text: escaped(cutText(text, sectionCharsMax)),
    blocks: [
      {
        type: 'header',
        block_id: `alert-${alertId}`,
        text: { type: 'plain_text', text: cutText(text, headerCharsMax), emoji: false },
      },
      {
        type: 'section',
        text: {
          type: 'mrkdwn',
          text: escaped(cutText(told.incident.summary || text, sectionCharsMax)),
        },
      },
      { type: 'context', elements },
    ],
  }
}

function contextOf({ incident }: IncidentChange, url: string | undefined): string[] {
  const services = [...new Set(incident.findings.map(({ service }) => service))].filter((name) => name !== '')
  const causes = causesOf(incident).slice(0, valuesMax)
  const started = `<!date^${incident.startedSeconds}^{date_short_pretty} {time}|${new Date(incident.startedSeconds * 1000).toISOString()}>`
  return [
    `since ${started}`,
    ...(services.length === 0 ? [] : [`services: ${services.slice(0, valuesMax).map(shown).join(', ')}`]),
    ...causes.map(
      ({ dimension, value, share }) => `${dimension} ${shown(value)}: ${Math.round(share * 100)} % of it`,
    ),
    ...(url === undefined ? [] : [`<${escaped(url)}|the incident>`]),
  ]
}

function shown(value: string): string {
  return escaped(cutText(value, valueCharsMax))
}

/** Slack reads these three as markup: without it, an event could address a whole channel. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
