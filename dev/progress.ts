/** Says what the dev stack is doing: a spinner on a terminal, one quiet line per step elsewhere. */

/** Steps may run side by side. */
export type Progress = {
  /** Runs a step and reports its end and duration; `say` adds a detail while it runs. */
  step<T>(title: string, run: (say: (detail: string) => void) => Promise<T>): Promise<T>;
  /** A line of its own. */
  note(line: string): void;
};

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const CLEAR_LINE = '\r\u001b[2K';
const FRAME_MS = 80;

/** For benches and tests. */
export const SILENT: Progress = { step: async (_title, run) => await run(() => undefined), note: () => undefined };

/** Writes to a stream, usually stdout. */
export function createProgress(out: NodeJS.WriteStream): Progress {
  // A reader that has gone away (npm start | head) must not take the stack down.
  out.on('error', () => undefined);
  const running = new Map<string, string>();
  const line = (text: string) => out.write(`${out.isTTY ? CLEAR_LINE : ''}${text}\n`);
  const spin = spinner(out, running);

  const step: Progress['step'] = async (title, run) => {
    const startedAt = performance.now();
    const say = (detail: string) => {
      running.set(title, `${title}: ${detail}`);
      if (!out.isTTY) line(`  ... ${detail}`);
    };
    running.set(title, title);
    spin();
    try {
      const result = await run(say);
      line(`  ✓ ${title} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
      return result;
    } catch (error) {
      line(`  ✗ ${title}`);
      throw error;
    } finally {
      running.delete(title);
    }
  };
  return { step, note: line };
}

/** Draws while anything is running, on a terminal only. */
function spinner(out: NodeJS.WriteStream, running: Map<string, string>): () => void {
  let timer: NodeJS.Timeout | undefined;
  let frame = 0;
  const draw = () => {
    if (running.size === 0) {
      clearInterval(timer);
      timer = undefined;
      out.write(CLEAR_LINE);
      return;
    }
    frame = (frame + 1) % FRAMES.length;
    const text = `  ${FRAMES[frame]} ${[...running.values()].join(' · ')}`;
    out.write(`${CLEAR_LINE}${text.slice(0, (out.columns ?? 80) - 1)}`);
  };
  return () => {
    if (out.isTTY && timer === undefined) timer = setInterval(draw, FRAME_MS);
  };
}
