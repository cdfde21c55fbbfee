// Jest loads reporters without its transform.
module.exports = require('tsx/cjs/api').require('./reporter.ts', __filename).default;
