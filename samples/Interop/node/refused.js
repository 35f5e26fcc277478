'use strict';

/** A rule was broken. */
class Refused extends Error {
  constructor(code, detail = '', cause = undefined) {
    super(detail ? `${code}: ${detail}` : code);
    this.code = code;
    this.because = cause;
  }
}

module.exports = { Refused };
