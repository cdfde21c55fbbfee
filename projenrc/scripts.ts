import type { cdk8s } from 'projen';

/**
 * Scripts of the project. Each has a program behind it in tools/ or a suite in test/; `npm run NAME -- ARGUMENTS` hands
 * the arguments on. A new one (a benchmark, a fuzzer, bindings, documentation) is one more entry here.
 */
export function addScripts(project: cdk8s.ConstructLibraryCdk8s): void {
  project.addTask('imports', {
    description: 'Regenerate imports/ and test/schemas/ from the CRDs that versions.json pins (needs Go)',
    exec: 'tsx tools/imports.ts',
  });

  const synth = project.addTask('synth', {
    description: 'Compile the package and synthesize every example into dist/<example>/; takes names of examples',
  });
  synth.spawn(project.compileTask);
  synth.exec('tsx tools/synth.ts', { receiveArgs: true });

  project.addTask('docs', {
    description: 'Write docs/findings/ and docs/PROVIDERS.md anew from what stands beside the checks, the capability table and the examples',
    exec: 'tsx --tsconfig tsconfig.dev.json tools/docs.ts',
  });

  project.addTask('report-screenshots', {
    description: 'Take pictures of reports in a real Chromium, to dist/report-screenshots/ (needs Chromium)',
    exec: 'tsx --tsconfig tsconfig.dev.json tools/report-screenshots.ts',
  });

  project.addTask('bench', {
    description: 'Measure CPU time and memory against cdk8s itself and write docs/PERFORMANCE.md; with sizes as arguments it only prints them',
    exec: 'tsx test/bench/bench.ts',
    receiveArgs: true,
  });

  project.addTask('fuzz', {
    description: 'Try random programs against the properties of test/properties; takes seconds a property and a seed',
    exec: 'tsx test/fuzz/fuzz.ts',
    receiveArgs: true,
  });

  project.addTask('package-check', {
    description: 'Pack, install with the lowest and the newest peers in an empty project, compile with strict, synthesize',
    exec: 'tsx tools/package-check.ts',
  });

  const bindings = project.addTask('bindings', {
    description: 'Compile the package, and try it in Python; generate its code for Java and Go (needs Python 3 and Go)',
  });
  bindings.spawn(project.compileTask);
  bindings.exec('tsx --tsconfig tsconfig.dev.json tools/bindings.ts');
}
