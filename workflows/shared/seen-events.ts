/** Signals come at least once and unnumbered: a bounded memory of the event ids that were taken in. */

const REMEMBERED_MAX = 500;

/**
 * The wire can carry anything, and an exception in a signal handler would wedge the workflow: what has no event id, or
 * an instant that is none, is left out.
 */
export function isFact(fact: unknown): fact is { eventId: string } {
  if (typeof fact !== 'object' || fact === null || !('eventId' in fact) || typeof fact.eventId !== 'string')
    return false;
  return !('at' in fact) || !Number.isNaN(Date.parse(String(fact.at)));
}

/** The last guard against a repeat is a unique key in Postgres; this one keeps repeats out of the story. */
export class SeenEvents {
  private readonly ids: string[];

  constructor(carried: readonly string[] = []) {
    this.ids = [...carried];
  }

  /** True the first time an id is shown, false for every repeat. */
  takeIn(eventId: string): boolean {
    if (this.ids.includes(eventId)) return false;
    this.ids.push(eventId);
    if (this.ids.length > REMEMBERED_MAX) this.ids.shift();
    return true;
  }

  /** What the next run must remember, oldest first. */
  carry(): string[] {
    return [...this.ids];
  }
}
