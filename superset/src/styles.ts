/** What Superset's own look lacks. */
export const styles = ''
