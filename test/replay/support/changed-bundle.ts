/** The workflows as they would be after changes to their source: a bundle built with pieces of text replaced. */

import { join } from 'node:path';
import type { WorkflowBundle } from '@temporalio/worker';
import { buildWorkflowBundle } from '../../../workers/build-bundle.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** `file` from the project's root, `from` the text it must contain. Nothing on disk is changed. */
export type SourceChange = { file: string; from: string; to: string };

export function bundleWithChanges(changes: readonly SourceChange[]): Promise<WorkflowBundle> {
  const loader = join(import.meta.dirname, 'replace-source.cjs');
  const rules = changes.map(({ file, from, to }) => ({
    test: (path: string) => path === join(ROOT, file),
    enforce: 'pre' as const,
    loader,
    options: { from, to },
  }));
  return buildWorkflowBundle((config) => ({
    ...config,
    module: { ...config.module, rules: [...(config.module?.rules ?? []), ...rules] },
  }));
}
