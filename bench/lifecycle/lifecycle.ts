/** Something that can play whole orders, one per call, from placing to release. */
export type Lifecycle = { play(lane: number): Promise<void>; stop(): Promise<void> };
