import { acceptedLabels, acceptedName } from '../../src/mesh/kubernetes-name';
import { refusal } from '../support/refusal';

test('a name is refused with the reason that the rule gives', () => {
  expect(acceptedName('here', 'name', 'a', () => undefined)).toBe('a');
  expect(refusal(() => acceptedName('here', 'name', 'a', (name) => `is ${name.length} long`)))
    .toBe('here: name is "a"; it is 1 long; give a name that Kubernetes accepts');
});

test('labels are copied', () => {
  const labels = { 'app': 'orders', 'example.com/team': '', 'A_b.c': 'V1.0_x' };
  const copy = acceptedLabels('here', 'labels', labels);
  labels.app = 'other';
  expect(copy).toEqual({ 'app': 'orders', 'example.com/team': '', 'A_b.c': 'V1.0_x' });
  expect(acceptedLabels('here', 'labels')).toEqual({});
});

test('keys and values are refused by name', () => {
  expect(refusal(() => acceptedLabels('here', 'labels', { 'a b': 'c' }))).toBe(
    'here: labels is "a b"; it must hold only letters, digits, hyphens, dots and underscores, and starts and ends with a letter or digit; '
    + 'give a name that Kubernetes accepts',
  );
  expect(refusal(() => acceptedLabels('here', 'labels', { app: 'a b' }))).toBe(
    'here: labels.app is "a b"; it must hold only letters, digits, hyphens, dots and underscores, and starts and ends with a letter or digit; '
    + 'give a name that Kubernetes accepts',
  );
});
