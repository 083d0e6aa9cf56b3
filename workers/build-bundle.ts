/**
 * Bundles the workflow code for the workflow sandbox: the second check that workflows import nothing they must not.
 * As a command, `node workers/build-bundle.ts FILE [CACHE]` writes it down, so that workers with
 * HOLDFAST_WORKFLOW_BUNDLE=FILE start without building it. With a folder for webpack's cache the next one costs a third.
 */

import { rename, writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  type BundleOptions,
  bundleWorkflowCode,
  DefaultLogger,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';

/**
 * About a second; the result may serve several workers of one process. Fails if a workflow reaches for Node or activities.
 * The hook is for tests that bundle the workflows with a change.
 */
export function buildWorkflowBundle(
  webpackConfigHook?: BundleOptions['webpackConfigHook'],
): Promise<WorkflowBundleWithSourceMap> {
  const workflowsPath = fileURLToPath(new URL('../workflows/index.ts', import.meta.url));
  return bundleWorkflowCode({
    workflowsPath,
    // Once a thread, not for each workflow anew: its modules hold no state (test/architecture/module-state.test.ts).
    preloadModules: [workflowsPath],
    logger: new DefaultLogger('WARN'),
    webpackConfigHook,
  });
}

/** Builds the bundle into a file, whole or not at all. */
async function writeWorkflowBundle(file: string, cacheFolder: string | undefined): Promise<void> {
  const { code } = await buildWorkflowBundle(cacheFolder === undefined ? undefined : withCache(cacheFolder));
  await writeFile(`${file}.tmp`, code);
  await rename(`${file}.tmp`, file);
}

/** Kept for this checkout and its packages alone: another checkout, or another lockfile, begins anew. */
function withCache(cacheDirectory: string): Required<BundleOptions>['webpackConfigHook'] {
  const here = import.meta.filename;
  const lockfile = fileURLToPath(new URL('../package-lock.json', import.meta.url));
  return (config) => ({
    ...config,
    cache: { type: 'filesystem', cacheDirectory, buildDependencies: { config: [here, lockfile] } },
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [file, cacheFolder] = process.argv.slice(2);
  if (file === undefined) {
    process.stderr.write('Where to? Give the file to write: node workers/build-bundle.ts FILE [CACHE]\n');
    process.exitCode = 2;
  } else {
    await writeWorkflowBundle(file, cacheFolder);
  }
}
