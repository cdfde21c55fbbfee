import { headerName, headerValue } from '../../src/traffic/header';
import { refusal } from '../support/refusal';

test.each(['a', 'X-User', 'x_user', 'x.y~z'])('takes the header %s', (name) => {
  expect(headerName('here', 'header', name)).toBe(name);
});

test.each(['', ':path', '@request.auth.claims.sub', 'a b', 'a:b', 'ä', 'a\n'])('refuses the header %j', (name) => {
  expect(refusal(() => headerName('here', 'header', name)))
    .toBe(`here: header is ${JSON.stringify(name)}; give the name of an HTTP header: letters, digits and hyphens`);
});

test.each(['', 'plain', 'tab\tbed', '100%%', '%START_TIME%', 'a %REQ(x-user)% b', '%REQ(x-user):10%', '%%%START_TIME%%%', 'größe'])('takes the value %j', (value) => {
  expect(headerValue('here', 'value', value)).toBe(value);
});

test.each(['100%', '%', '%START_TIME', '%START_TIME%%', '%REQ(x%', '% %'])('refuses the value %j', (value) => {
  expect(refusal(() => headerValue('here', 'value', value))).toBe(`here: value is "${value}"; write a percent sign as %%`);
});

test.each(['a\nb', '\u0000', '\u007f', '\r'])('refuses the control characters of %j', (value) => {
  expect(refusal(() => headerValue('here', 'value', value))).toBe(`here: value is ${JSON.stringify(value)}; leave out control characters`);
});
