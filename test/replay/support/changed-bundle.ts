/** The workflows as they would be after a change to their source: a bundle built with a piece of text replaced. */

import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundle } from '@temporalio/worker';

const ROOT = join(import.meta.dirname, '../../..');

/** `file` from the project's root, `from` the text it must contain. Nothing on disk is changed. */
export type SourceChange = { file: string; from: string; to: string };

export function bundleWithChange({ file, from, to }: SourceChange): Promise<WorkflowBundle> {
  const loader = join(import.meta.dirname, 'replace-source.cjs');
  const rule = {
    test: (path: string) => path === join(ROOT, file),
    enforce: 'pre',
    loader,
    options: { from, to },
  } as const;
  return bundleWorkflowCode({
    workflowsPath: join(ROOT, 'workflows/index.ts'),
    logger: new DefaultLogger('WARN'),
    webpackConfigHook: (config) => ({
      ...config,
      module: { ...config.module, rules: [...(config.module?.rules ?? []), rule] },
    }),
  });
}
