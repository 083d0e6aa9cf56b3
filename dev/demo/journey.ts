/** What a journey of the demo is. */

import type { Stage } from './stage.ts';

/** Plays over HTTP only, tells what happens, and throws when anything is not as expected. Ends with all money at rest. */
export type Journey = {
  /** One word, for `npm run demo -- <name>`. */
  name: string;
  title: string;
  /** Puts the machine under load: nothing else plays meanwhile. */
  alone?: boolean;
  /** Waits for clocks most of the time: begins before the others. */
  slow?: boolean;
  play(stage: Stage): Promise<void>;
};
