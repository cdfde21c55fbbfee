/** Ways to write one path, for rules about paths below /api/. */

/** Spellings of a path outside of /api/, most of which look as if they were below it. */
export const TRICKS = [
  '/admin', '//admin', '/./admin', '/api/../admin', '/api/./../admin', '/api//../../admin', '/api/x/../../admin', '/api/%2e%2e/admin', '/api/%2E%2E/admin',
  '/api/.%2e/admin', '/api/..%2fadmin', '/api/..%2Fadmin', '/api%2f..%2fadmin', '/api/%2e%2e%2fadmin', '/api/..%5cadmin', '/api/%5c..%5cadmin',
  '/API/x', '/Api/x', '/%41pi/x', '/api', '/ap%69', '/xapi/x', '/%2e/admin', '/;/admin', '/admin/..;/admin', '/api/..;/admin', '/api/..;x=y/admin', '/api/%2e%2e;/admin',
];

/** Spellings inside, and what each is once a proxy has read it. */
export const INSIDE: Record<string, string> = {
  '/api/x': '/api/x', '/api/a/../x': '/api/x', '//api/x': '/api/x', '/api//x': '/api/x', '/%61pi/x': '/api/x', '/api/%252e%252e/x': '/api/%252e%252e/x',
};
