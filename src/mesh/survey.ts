/** What the app holds beside this mesh, from one walk over it. */
import { ApiObject, App, Chart } from 'cdk8s';
import { IConstruct } from 'constructs';
import { ObjectNode } from '../model/mesh-model';
import { isOurs } from './objects';

export interface Survey {
  /** Every object of the app in the order of cdk8s, with the body of those that a mesh has to know although the program wrote them by itself. */
  readonly objects: ObjectNode[];
  readonly charts: number;
  /** Whether anything depends on anything. */
  readonly dependent: boolean;
}

const READ_KINDS = new Set(['Service', 'Namespace', 'HorizontalPodAutoscaler', 'ScaledObject']);
const READ_GROUPS = /(^|\.)(istio\.io|linkerd\.io|networking\.k8s\.io|networking\.x-k8s\.io)$/;

export function surveyOf(app: App): Survey {
  const survey = { objects: [], charts: 0, dependent: false };
  visit(app, '', survey);
  return survey;
}

/** @param path which cdk8s would put together anew for each construct */
function visit(construct: IConstruct, path: string, survey: { objects: ObjectNode[]; charts: number; dependent: boolean }): void {
  const { node } = construct;
  if (ApiObject.isApiObject(construct)) {
    survey.objects.push(objectNode(construct, path));
  } else if (Chart.isChart(construct)) {
    survey.charts++;
  }
  survey.dependent ||= node.dependencies.length > 0;
  for (const child of node.children) {
    visit(child, path === '' ? child.node.id : `${path}/${child.node.id}`, survey);
  }
}

function objectNode(object: ApiObject, origin: string): ObjectNode {
  const { apiVersion, kind, name } = object;
  const ours = isOurs(object);
  // cdk8s gives a Namespace, too, the namespace of its chart.
  const namespace = kind === 'Namespace' ? undefined : object.metadata.namespace;
  const read = !ours && (READ_KINDS.has(kind) || READ_GROUPS.test(object.apiGroup));
  return Object.freeze({ origin, apiVersion, kind, name, namespace, ours, body: read ? bodyOf(object) : undefined });
}

function bodyOf(object: ApiObject): Readonly<Record<string, unknown>> | undefined {
  try {
    return object.toJson();
  } catch {
    // cdk8s reports it by itself, with the construct's path, when the object is synthesized.
    return undefined;
  }
}
