import { counted } from '../../model/text';
import { section } from '../section';
import type { Subject } from '../subject';
import { Block, code, paragraph, Text } from '../tree';
import { figure } from '../words';

interface ResourceData {
  readonly apiVersion: string;
  readonly kind: string;
  /** Null for objects without one. */
  readonly namespace: string | null;
  readonly name: string;
  readonly construct: string;
}

interface ResourcesData {
  readonly written: readonly ResourceData[];
  /** Objects of the app that the program wrote by itself. */
  readonly others: number;
}

function read({ model }: Subject): ResourcesData {
  const ours = model.objects.filter((object) => object.ours);
  return {
    written: ours.map(({ apiVersion, kind, namespace, name, origin }) =>
      ({ apiVersion, kind, namespace: namespace ?? null, name, construct: origin })),
    others: model.objects.length - ours.length,
  };
}

function blocks({ written: all, others }: ResourcesData): readonly Block[] {
  const kinds = new Map<string, number>();
  all.forEach(({ apiVersion, kind }) => kinds.set(`${apiVersion} ${kind}`, (kinds.get(`${apiVersion} ${kind}`) ?? 0) + 1));
  return [
    paragraph(`The mesh writes ${counted(all.length, 'resource')}; the program itself writes ${figure(others)} more.`),
    ...all.length === 0 ? [] : [
      {
        kind: 'table', caption: 'Resources by kind',
        columns: [{ title: 'Kind' }, { title: 'API version' }, { title: 'Count', figures: true }],
        rows: [...kinds].sort(([a], [b]) => a < b ? -1 : 1).map(([key, count]): Text[] => {
          const [apiVersion, kind] = key.split(' ');
          return [kind, code(apiVersion), figure(count)];
        }),
      } as const,
      {
        kind: 'table', caption: 'Resources written',
        columns: [{ title: 'Name' }, { title: 'Kind' }, { title: 'Namespace' }, { title: 'Construct' }],
        rows: all.map(({ name, kind, namespace, construct }): Text[] => [name, kind, namespace ?? 'none', code(construct)]),
      } as const,
    ],
  ];
}

export const resources = section({ key: 'resources', title: 'Resources', read, blocks });
