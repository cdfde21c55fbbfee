/**
 * Who may import whom in src/. ESLint's zones are made from this, and test/architecture.test.ts proves that they fire.
 */

/** Folders whose exports a user sees. They import each other and the model. */
export const VOCABULARY = ['mesh', 'traffic', 'security', 'delivery', 'operations', 'adoption', 'multicluster', 'synth'];

/** Under src/emit/, what several providers read: Kubernetes' own resources and the routes of Gateway API. Shared, as are the files directly in it. */
export const SHARED = ['kubernetes', 'gateway-api'];

/** One folder a provider or product under src/emit/, and the providers that it builds on. It imports no others. */
export const PROVIDERS: Readonly<Record<string, readonly string[]>> = {
  'istio': [],
  // Istio without sidecars has its policies in common with Istio with them, and reads routes of Gateway API alike.
  'istio-ambient': ['istio', 'gamma'],
  // Gateway API says nothing of how pods join a mesh: Istio's sidecars carry it.
  'gamma': ['istio'],
  'linkerd': [],
  'flagger': [],
  'argo-rollouts': [],
  'prometheus': [],
};

/** The one file of the vocabulary that knows checks/ and emit/. */
export const COMPOSITION_ROOT = 'src/mesh/wiring.ts';

/** Files of the model that a user sees: a finding is the same thing inside and outside. */
const PUBLIC_MODEL = ['./finding.ts'];

/** A zone of `import/no-restricted-paths`: files in `target` must not import from `from`, `except` is relative to `from`. */
export interface Zone {
  readonly target: string | string[];
  readonly from: string | string[];
  readonly except?: string[];
  readonly message: string;
}

const ONLY_MODEL = 'vocabulary → model ← checks, emit, report: only the model is shared.';

/** Zones that hold for every file. */
export function commonZones(): Zone[] {
  return [
    { target: './src/model', from: './src', except: ['./model'], message: 'The model imports nothing.' },
    { target: './src/checks', from: './src', except: ['./checks', './model'], message: ONLY_MODEL },
    { target: './src/emit', from: './src', except: ['./emit', './model'], message: ONLY_MODEL },
    { target: './src/report', from: './src', except: ['./report', './model'], message: ONLY_MODEL },
    ...[...Object.keys(PROVIDERS), ...SHARED].map(folder => ({
      target: `./src/emit/${folder}`,
      from: Object.keys(PROVIDERS).filter(other => other !== folder && !PROVIDERS[folder]?.includes(other)).map(other => `./src/emit/${other}`),
      message: `emit/${folder} must not import another provider's emitter; share a file in emit/, emit/kubernetes/ or emit/gateway-api/ instead.`,
    })),
    {
      target: ['model', 'checks', 'report', ...VOCABULARY].map(folder => `./src/${folder}`).concat('./src/index.ts'),
      from: './imports',
      message: 'Only emit/ knows the shapes of custom resources.',
    },
    ...['model', 'checks', 'emit'].map(folder => ({
      target: './src/index.ts',
      from: `./src/${folder}`,
      except: folder === 'model' ? PUBLIC_MODEL : [],
      message: `${folder}/ is not exported.`,
    })),
    ...['test', 'examples', 'tools', 'projenrc', 'lib'].map(folder => ({
      target: './src', from: `./${folder}`, message: 'The library imports nothing outside src/ and imports/.',
    })),
    // Not lib/: that is where 'cdk8s-mesh' itself leads.
    ...['src', 'imports', 'test', 'tools'].map(folder => ({
      target: './examples', from: `./${folder}`, message: "An example imports 'cdk8s-mesh', as a user does.",
    })),
  ];
}

/** Zone of the vocabulary, without which only the composition root works. */
export function vocabularyZone(): Zone {
  return {
    target: VOCABULARY.map(folder => `./src/${folder}`),
    from: './src',
    except: [...VOCABULARY, 'model'].map(folder => `./${folder}`),
    message: `The vocabulary imports only itself and the model; ${COMPOSITION_ROOT} alone knows checks/ and emit/.`,
  };
}

/** Zone of the composition root. */
export function compositionRootZone(): Zone {
  return {
    target: `./${COMPOSITION_ROOT}`,
    from: './src',
    except: [...VOCABULARY, 'model', 'checks', 'emit'].map(folder => `./${folder}`),
    message: 'The composition root joins vocabulary, model, checks and emitters, nothing else.',
  };
}
