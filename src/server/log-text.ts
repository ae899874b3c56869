/** What may stand in a log. */

/** What every session's key looks like. */
const KEY = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/** HQL's errors repeat the query, into which a user may have written anything. */
const QUERY = /Illegal query:.*$/s;

/** The text without keys of sessions and queries, whoever wrote them into it: who reads one can join the session. */
export function loggable(text: string): string {
  return text.replace(KEY, "<session key>").replace(QUERY, "Illegal query");
}
