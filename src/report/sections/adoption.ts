import { AdoptionLevel, adoptionScore, FULL_MESH_AT, MTLS_ONLY_AT } from '../../model/adoption';
import { adoptionOrder, AdoptionStep } from '../adoption-order';
import { section } from '../section';
import type { Subject } from '../subject';
import { Block, code, enumerated, paragraph, Text } from '../tree';

interface AdoptionData {
  readonly assessed: boolean;
  readonly score: number;
  readonly advised: AdoptionLevel;
  readonly level: AdoptionLevel;
  readonly thresholds: { readonly fullMesh: number; readonly mtlsOnly: number };
  readonly lines: readonly {
    readonly name: string;
    /** Points where the line holds. */
    readonly worth: number;
    readonly points: number;
    readonly reason: string;
  }[];
  readonly override: { readonly level: AdoptionLevel; readonly reason: string } | null;
  readonly order: readonly AdoptionStep[];
}

export const LEVELS: Readonly<Record<AdoptionLevel, string>> = {
  'full-mesh': 'full mesh', 'mtls-only': 'mTLS only', 'too-early': 'too early for a mesh',
};

const MEANING: Readonly<Record<AdoptionLevel, string>> = {
  'full-mesh': 'Everything pays: encryption, identity, and rules that read single requests.',
  'mtls-only': 'Encryption and identity pay; rules that read single requests (routes, retries, deadlines) do not yet.',
  'too-early': 'A mesh would cost more than it gives. Libraries, an ingress and network policies do what is needed for now.',
};

function read({ model }: Subject): AdoptionData {
  const assessment = model.mesh.adoption;
  const { lines, score, advised, level } = adoptionScore(model, assessment);
  return {
    assessed: assessment !== undefined,
    score, advised, level,
    thresholds: { fullMesh: FULL_MESH_AT, mtlsOnly: MTLS_ONLY_AT },
    lines: lines.map(({ name, points, holds, reason }) => ({ name, worth: points, points: holds ? points : 0, reason })),
    override: assessment?.override ?? null,
    order: adoptionOrder(model, level),
  };
}

function blocks(data: AdoptionData, subject: Subject): readonly Block[] {
  const { assessed, score, advised, level, thresholds, lines, override, order } = data;
  const points = (value: number): string => value > 0 ? `+${value}` : value === 0 ? '0' : `−${-value}`;
  return [
    paragraph(
      'Score ', { strong: points(score) }, ', which says: ', { strong: LEVELS[advised] }, `. ${MEANING[advised]} `,
      `From ${thresholds.fullMesh} points on a full mesh pays, from ${thresholds.mtlsOnly} on its encryption alone.`,
    ),
    ...assessed ? [] : [paragraph('The organisation was not assessed: the score rests on what this program alone shows.')],
    ...override === null ? [] : [paragraph('The level was overridden on purpose to ', { strong: LEVELS[override.level] }, `: ${override.reason}`)],
    {
      kind: 'table', caption: 'Points of the adoption score',
      columns: [{ title: 'Line' }, { title: 'Worth', figures: true }, { title: 'Points', figures: true }, { title: 'Reason' }],
      rows: [...lines.map((line): Text[] => [line.name, points(line.worth), points(line.points), line.reason]), ['Sum', '', { strong: points(score) }, '']],
    },
    { kind: 'part', title: 'Order of adoption', blocks: orderBlocks(order, level, subject) },
  ];
}

function orderBlocks(order: readonly AdoptionStep[], level: AdoptionLevel, subject: Subject): readonly Block[] {
  if (order.length === 0) {
    return [paragraph(level === 'too-early'
      ? 'None: at this level no service should join yet. What would change the score stands in the table above.'
      : 'None: the program declares no service.')];
  }
  const stage = (name: AdoptionStep['stage']): readonly AdoptionStep[] => order.filter((step) => step.stage === name);
  const rules = stage('traffic-rules');
  return [
    paragraph(
      'Encryption and observability come first, since they change no request. Then one service at a time joins, callees before their callers, '
      + 'so that whatever a service calls already answers for itself. ',
      rules.length > 0 ? 'Rules that change traffic come last, when there are figures to judge them by.' : 'This program has no rules that change traffic.',
    ),
    {
      kind: 'table', caption: 'Proposed order of adoption',
      columns: [{ title: 'Step', figures: true }, { title: 'What' }, { title: 'Why then' }],
      rows: order.map((step): Text[] => [String(step.step), what(step, subject), why(step, subject)]),
    },
  ];
}

function what(step: AdoptionStep, subject: Subject): Text {
  switch (step.stage) {
    case 'mtls-and-observability':
      return 'Control plane, certificates, metrics and traces; proxies accept plain connections beside encrypted ones';
    case 'services':
      return [subject.link(step.service), ' joins'];
    case 'traffic-rules':
      return ['Rules of ', subject.link(step.service), ': ', ...enumerated(step.rules.map(code))];
  }
}

function why(step: AdoptionStep, subject: Subject): Text {
  switch (step.stage) {
    case 'mtls-and-observability':
      return 'No caller breaks, and every later step can be watched';
    case 'services': {
      const joined = enumerated(step.joined.map((id) => subject.link(id)));
      const later = enumerated(step.later.map((id) => subject.link(id)));
      return [
        ...step.joined.length === 0 ? [step.later.length === 0 ? 'It calls no other service' : ''] : ['What it calls has joined: ', ...joined],
        ...step.later.length === 0 ? [] : [step.joined.length === 0 ? '' : '; ', 'in a ring with it, and so later: ', ...later],
      ];
    }
    case 'traffic-rules':
      return 'Its callers and callees are in the mesh, so the rules can be judged by what they change';
  }
}

export const adoption = section({ key: 'adoption', title: 'Adoption', read, blocks });
