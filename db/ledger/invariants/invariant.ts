/** What an invariant of the books is: a sentence, and a query that finds whatever breaks it. */

export type Invariant = {
  /** Says what holds, as a sentence. */
  name: string;
  /** One `select` of the rows that break it; no rows, no violation. Its columns are what an operator needs to look. */
  violations: string;
};
