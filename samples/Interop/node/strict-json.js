'use strict';
// JSON.parse takes the last of two members of one name and turns 1.0 into 1. This reader refuses the one, and tells the other.

const { Refused } = require('./refused');

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const WORD = /true|false|null/y;
const SPACE = /[ \t\n\r]*/y;

/** A number as it is written. */
class Numeral {
  constructor(text) { this.text = text; }

  /** Whole seconds in digits alone, or undefined. */
  get seconds() {
    const value = /^(?:0|[1-9][0-9]*)$/.test(this.text) ? Number(this.text) : NaN;
    return value <= 253402300799 ? value : undefined;
  }
}

/** One object in UTF-8; objects become Maps. */
function strictJson(bytes, maxDepth) {
  let text;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw invalid('not UTF-8');
  }
  const reader = new Reader(text, maxDepth);
  const value = reader.document();
  if (!(value instanceof Map)) throw invalid('no object');
  if (reader.repeated !== undefined) throw new Refused('jose.duplicate_member', reader.repeated);
  return value;
}

class Reader {
  constructor(text, maxDepth) {
    this.text = text;
    this.at = 0;
    this.maxDepth = maxDepth;
    this.repeated = undefined;
  }

  document() {
    const value = this.value(1);
    this.take(SPACE);
    if (this.at !== this.text.length) throw invalid('text follows');
    return value;
  }

  value(depth) {
    this.take(SPACE);
    const next = this.text[this.at];
    if (next === '{' || next === '[') {
      if (depth > this.maxDepth) throw invalid('too deep');
      return next === '{' ? this.object(depth) : this.array(depth);
    }
    if (next === '"') return this.string();
    const word = this.take(WORD);
    if (word !== undefined) return JSON.parse(word);
    const number = this.take(NUMBER);
    if (number === undefined) throw invalid(`at ${this.at}`);
    return new Numeral(number);
  }

  object(depth) {
    const members = new Map();
    this.list('}', () => {
      this.take(SPACE);
      const name = this.string();
      this.take(SPACE);
      this.sign(':');
      if (members.has(name)) this.repeated ??= name;
      members.set(name, this.value(depth + 1));
    });
    return members;
  }

  array(depth) {
    const items = [];
    this.list(']', () => items.push(this.value(depth + 1)));
    return items;
  }

  list(end, item) {
    this.at++;
    this.take(SPACE);
    if (this.text[this.at] === end) {
      this.at++;
      return;
    }
    for (;;) {
      item();
      this.take(SPACE);
      if (this.text[this.at] === end) break;
      this.sign(',');
    }
    this.at++;
  }

  string() {
    const quoted = this.take(STRING);
    if (quoted === undefined) throw invalid(`no string at ${this.at}`);
    const value = JSON.parse(quoted);
    if (/\p{Surrogate}/u.test(value)) throw invalid('half of a surrogate pair');
    return value;
  }

  sign(sign) {
    if (this.text[this.at] !== sign) throw invalid(`no ${sign} at ${this.at}`);
    this.at++;
  }

  take(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) return undefined;
    this.at = pattern.lastIndex;
    return found[0];
  }
}

const invalid = (detail) => new Refused('jose.json_invalid', detail);

module.exports = { strictJson, Numeral };
