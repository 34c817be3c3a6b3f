/**
 * When an hour is, for filters: its end. So a range shows the hours that ended in it, and the one that runs is as old as
 * a minute: whatever range ends now has it, however short.
 */
export const hourAsTime = 'least(hour + INTERVAL 3599 SECOND, now() - INTERVAL 60 SECOND)'
