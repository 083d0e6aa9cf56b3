/**
 * Who may import whom: the table of CONTRIBUTING.md, enforced. `dev`, `bench` and `test` may import everything; nothing
 * may import them. test/architecture/ proves that each rule can fail.
 */

const FOLDERS = ['domain', 'workflows', 'activities', 'providers', 'db', 'api', 'workers', 'dev', 'bench', 'test'];
const OWN_CODE = `^(${FOLDERS.join('|')})/`;
/** All that a client of a workflow needs: ids, inputs, messages, task queues. */
const WORKFLOW_DOORS = ['^workflows/[^/]+/contract\\.ts$', '^workflows/task-queues\\.ts$'];
const TYPES_ONLY = { dependencyTypesNot: ['type-only'] };
const WORKFLOW_SAFE_PACKAGES = ['^node_modules/@temporalio/(workflow|common)/'];

/** `name` may import these folders of ours (as values or types) and nothing else of ours. */
const only = (name, ...allowed) => ({
  name: `${name}-imports`,
  severity: 'error',
  from: { path: `^${name}/` },
  to: { path: OWN_CODE, pathNot: allowed },
});

const forbid = (name, from, to) => ({ name, severity: 'error', from, to });

module.exports = {
  forbidden: [
    only('domain', '^domain/'),
    forbid('domain-is-pure', { path: '^domain/' }, { pathNot: '^domain/' }),

    only('workflows', '^domain/', '^workflows/', '^activities/'),
    forbid('workflows-see-types-of-activities', { path: '^workflows/' }, { path: '^activities/', ...TYPES_ONLY }),
    forbid('workflows-are-sandboxed', { path: '^workflows/' }, { pathNot: [OWN_CODE, ...WORKFLOW_SAFE_PACKAGES] }),
    forbid(
      'workflows-keep-to-their-folder',
      { path: '^workflows/([^/]+)/' },
      { path: '^workflows/', pathNot: ['^workflows/($1|shared)/', ...WORKFLOW_DOORS] },
    ),

    only('activities', '^domain/', '^activities/', '^providers/', '^db/', ...WORKFLOW_DOORS),
    forbid('activities-see-types-of-workflows', { path: '^activities/' }, { path: '^workflows/', ...TYPES_ONLY }),

    only('providers', '^domain/', '^providers/'),
    only('db', '^domain/', '^db/'),

    only('api', '^domain/', '^workflows/', '^providers/', '^db/', '^api/'),
    forbid(
      'api-sees-types-of-workflow-code',
      { path: '^api/' },
      { path: '^workflows/', pathNot: WORKFLOW_DOORS, ...TYPES_ONLY },
    ),

    only('workers', '^domain/', '^activities/', '^providers/', '^db/', '^workers/', ...WORKFLOW_DOORS),

    // Types vanish before anything runs: a cycle with a type-only step in it is none.
    forbid('no-cycles', {}, { circular: true, viaOnly: TYPES_ONLY }),
    forbid('no-broken-imports', {}, { couldNotResolve: true }),
    forbid(
      'no-development-packages-in-production',
      { path: '^(domain|workflows|activities|providers|db|api|workers)/' },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^test/architecture/fixture/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
  },
};
