/** Reads histories: waiting for an event by long poll, and what a run has spent its events on. */

import { type Client, type WorkflowHandle, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';

export type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;
type HistoryEvent = NonNullable<History['events']>[number];

const ATTRIBUTES = 'EventAttributes';
type NameOf<Key> = Key extends `${infer Name}EventAttributes` ? Name : never;
/** `timerStarted`, `workflowExecutionUpdateAccepted`, ... */
export type EventName = NameOf<keyof HistoryEvent>;

/** Resolves once the workflow's current run has that many events of this name. */
export async function untilEvents(client: Client, workflowId: string, name: EventName, count = 1): Promise<void> {
  const { namespace } = client.options;
  let nextPageToken: Uint8Array | null | undefined;
  for (let found = 0; found < count; ) {
    const request = { namespace, execution: { workflowId }, waitNewEvent: true, nextPageToken };
    const page = await client.workflowService.getWorkflowExecutionHistory(request);
    found += page.history?.events?.filter((event) => nameOf(event) === name).length ?? 0;
    nextPageToken = page.nextPageToken;
    if (!nextPageToken?.length && found < count) throw new Error(`${workflowId} ended without ${count} ${name}`);
  }
}

/** The names of a run's events, in order. */
export async function eventsOf(handle: { fetchHistory(): Promise<History> }): Promise<string[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).map(nameOf);
}

function nameOf(event: HistoryEvent): string {
  return (
    Object.keys(event)
      .find((key) => key.endsWith(ATTRIBUTES))
      ?.slice(0, -ATTRIBUTES.length) ?? 'unknown'
  );
}

/** The code an update is refused with; null when it is carried out. Throws what is no refusal. */
export async function refusalCode(update: Promise<unknown>): Promise<string | null> {
  try {
    await update;
    return null;
  } catch (error) {
    if (!(error instanceof WorkflowUpdateFailedError) || !(error.cause instanceof ApplicationFailure)) throw error;
    return error.cause.type ?? null;
  }
}
