/** Every example on every mesh that it can be written for, against schema, CEL and admission. */
import { App } from 'cdk8s';
import { Severity } from '../../../src';
import { buildOf, matrix } from '../../../tools/providers/matrix';
import { claimEqual, type KubeObject, stack } from '../stack';
import { Admission, withoutWarnings } from './admission';

const admission = new Admission(stack());
const written = matrix().filter(({ findings }) => findings.every(({ severity }) => severity !== Severity.ERROR));

withoutWarnings();
afterAll(() => admission.drop());

test.each(written.map(({ example, target }) => [example, target.line, target] as const))('%s for %s', async (example, line, target) => {
  const app = new App();
  buildOf(example)(app, target.provider());
  const objects = app.charts.flatMap(chart => chart.toJson() as KubeObject[]);
  claimEqual(`${example} for ${line}: of ${objects.length} objects, refused by the API server`, [], await admission.refusals(objects));
});
