import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { find, keyOf, parts } from './bicep.mjs';

/** A value that only Azure knows: <vault.properties.vaultUri>. */
class Unknown {
  constructor(path) {
    this.path = path;
  }

  toString() {
    return `<${this.path}>`;
  }

  toJSON() {
    return `${this}`;
  }
}

/**
 * Works out what a template would deploy, as far as that can be known beforehand: its parameters' values put in, its
 * conditions decided, its loops run. Returns { resources, outputs }, with the resources of its modules.
 */
export function evaluate(parse, path, values) {
  const file = parse(readFileSync(path, 'utf8'));
  const scope = declare(parse, file, path);
  const given = new Set(Object.keys(values));
  for (const { symbol, nullable, defaultValue } of file.parameters) {
    given.delete(symbol);
    scope.set(symbol, lazy(() => {
      if (!(symbol in values) && !defaultValue && !nullable) {
        throw new Error(`${path}: nobody gives parameter '${symbol}' a value`);
      }
      return symbol in values ? values[symbol] : defaultValue ? value(defaultValue, scope) : null;
    }));
  }
  if (given.size > 0) {
    throw new Error(`${path}: there is no parameter '${[...given].join("', '")}'`);
  }

  const resources = [];
  for (const declared of file.resources) {
    const bodies = lazy(() => instances(declared.value, scope));
    scope.set(declared.symbol, lazy(() => declared.value.type === 'for_statement'
      ? bodies().map(body => resourceOf(declared, body)) : resourceOf(declared, bodies()[0] ?? {})));
    resources.push(() => declared.existing ? [] : bodies().map(body => ({
      file: path, symbol: declared.symbol, type: declared.type, batchSize: batchSize(declared, scope), dependsOn: dependsOn(declared), body,
    })));
  }
  for (const declared of file.modules) {
    const deployed = lazy(() => instances(declared.value, scope).map(({ params }) =>
      evaluate(parse, join(dirname(path), declared.path), params ?? {})));
    scope.set(declared.symbol, lazy(() => ({ outputs: deployed()[0]?.outputs ?? new Unknown(`${declared.symbol}.outputs`) })));
    resources.push(() => deployed().flatMap(module => module.resources));
  }
  return {
    resources: resources.flatMap(resolve => resolve()),
    outputs: Object.fromEntries(file.outputs.map(output => [output.symbol, value(output.value, scope)])),
  };
}

/** The symbols that a declaration waits for because it says so. */
export function dependsOn({ value: body }) {
  const property = find(body, ['object_property']).find(candidate => keyOf(candidate) === 'dependsOn');
  return property ? find(parts(property).at(-1), ['identifier']).map(symbol => symbol.text) : [];
}

function declare(parse, file, path) {
  const scope = new Map();
  for (const { names, path: from } of file.imports) {
    const importedPath = join(dirname(path), from);
    const imported = declare(parse, parse(readFileSync(importedPath, 'utf8')), importedPath);
    names.forEach(name => scope.set(name, imported.get(name)));
  }
  for (const { symbol, value: expression } of file.variables) {
    scope.set(symbol, lazy(() => value(expression, scope)));
  }
  for (const { symbol, names, value: body } of file.functions) {
    scope.set(symbol, () => (...args) => value(body, inner(scope, names, args)));
  }
  scope.set('<path>', () => path);
  return scope;
}

function resourceOf({ symbol, type }, body) {
  return { type, id: new Unknown(`${symbol}.id`), ...body, '<unknown>': symbol };
}

function batchSize({ decorators }, scope) {
  return decorators.has('batchSize') ? value(decorators.get('batchSize'), scope) : null;
}

/** The bodies of a declaration: none, one, or as many as its loop has rounds. */
function instances(node, scope) {
  if (node.type === 'if_statement') {
    const [condition, body] = parts(node);
    return value(condition, scope) ? instances(body, scope) : [];
  }
  return node.type === 'for_statement' ? rounds(node, scope, instances).flat() : [value(node, scope)];
}

function rounds(node, scope, each) {
  const [variables, list, body] = parts(node);
  const names = variables.type === 'identifier' ? [variables.text] : parts(variables).map(name => name.text);
  return value(list, scope).map((item, index) => each(body, inner(scope, names, [item, index])));
}

function value(node, scope) {
  const children = parts(node);
  switch (node.type) {
    case 'string': return children.map(part => part.type === 'string_content' ? part.text
      : part.type === 'escape_sequence' ? unescape(part.text) : text(value(parts(part)[0], scope))).join('');
    case 'number': return Number(node.text);
    case 'boolean': return node.text === 'true';
    case 'null': return null;
    case 'array': return children.map(child => value(child, scope));
    case 'object': return Object.fromEntries(children.filter(child => child.type === 'object_property').map(property =>
      [parts(property)[0].type === 'string' ? value(parts(property)[0], scope) : keyOf(property), value(parts(property).at(-1), scope)]));
    case 'identifier': return lookUp(node.text, scope);
    case 'parenthesized_expression':
    case 'nullable_type': return value(children[0], scope);
    case 'member_expression': return member(value(children[0], scope), children[1].text, node);
    case 'subscript_expression': return member(value(children[0], scope), value(children[1], scope), node);
    case 'unary_expression': return node.firstChild.text === '!' ? !value(children[0], scope) : -value(children[0], scope);
    case 'binary_expression': return binary(node, scope);
    case 'ternary_expression': return value(children[value(children[0], scope) ? 1 : 2], scope);
    case 'for_statement': return rounds(node, scope, value);
    case 'lambda_expression': {
      const names = children[0].type === 'identifier' ? [children[0].text] : parts(children[0]).map(name => name.text);
      return (...args) => value(children.at(-1), inner(scope, names, args));
    }
    case 'call_expression': {
      const args = children[1] ? parts(children[1]).map(argument => value(argument, scope)) : [];
      const name = children[0].text;
      const called = scope.has(name) ? scope.get(name)() : builtIns(scope)[name];
      if (!called) {
        throw new Error(`${scope.get('<path>')()}: the function ${name} is not known here`);
      }
      return called(...args);
    }
    default: throw new Error(`${scope.get('<path>')()}: a ${node.type} is not understood: ${node.text.slice(0, 60)}`);
  }
}

function binary(node, scope) {
  const [left, right] = parts(node);
  const a = value(left, scope);
  const b = () => value(right, scope);
  switch (node.children.find(child => !child.isNamed).text) {
    case '==': return a === b();
    case '!=': return a !== b();
    case '??': return a ?? b();
    case '&&': return a && b();
    case '||': return a || b();
    case '>': return a > b();
    case '<': return a < b();
    case '+': return a + b();
    default: throw new Error(`the operator in ${node.text} is not understood`);
  }
}

function member(object, key, node) {
  const safe = node.children.some(child => child.text === '.?' || child.text === '?');
  if (object instanceof Unknown) {
    return new Unknown(`${object.path}.${key}`);
  }
  if (object && typeof object === 'object' && key in object) {
    // Azure fills in what a template leaves out.
    return '<unknown>' in object && key === 'properties' ? { ...object[key], '<unknown>': `${object['<unknown>']}.properties` } : object[key];
  }
  if (object && '<unknown>' in object) {
    return new Unknown(`${object['<unknown>']}.${key}`);
  }
  if (safe) {
    return null;
  }
  throw new Error(`${node.text}: there is no '${key}'`);
}

function lookUp(name, scope) {
  if (!scope.has(name)) {
    throw new Error(`${scope.get('<path>')()}: '${name}' is not declared`);
  }
  return scope.get(name)();
}

function builtIns(scope) {
  const hash = (...seed) => createHash('sha256').update(seed.map(text).join('|')).digest('hex');
  return {
    concat: (...lists) => lists.flat(),
    contains: (all, one) => Array.isArray(all) || typeof all === 'string' ? all.includes(one) : one in all,
    empty: all => all === null || (typeof all === 'object' ? Object.keys(all).length === 0 : all === ''),
    filter: (list, keep) => list.filter((item, index) => keep(item, index)),
    flatten: lists => lists.flat(),
    guid: (...seed) => hash(...seed).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-$3-$4-$5'),
    items: object => Object.keys(object).sort().map(key => ({ key, value: object[key] })),
    length: all => typeof all === 'string' ? all.length : Object.keys(all).length,
    loadTextContent: path => readFileSync(join(dirname(scope.get('<path>')()), path), 'utf8'),
    map: (list, change) => list.map((item, index) => change(item, index)),
    range: (start, count) => Array.from({ length: count }, (_, index) => start + index),
    replace: (whole, old, now) => text(whole).replaceAll(old, now),
    string: text,
    subscription: () => ({ '<unknown>': 'subscription' }),
    subscriptionResourceId: (...names) => `/subscriptions/x/${names.map(text).join('/')}`,
    tenant: () => ({ '<unknown>': 'tenant' }),
    toLower: whole => text(whole).toLowerCase(),
    union: (...objects) => Object.assign({}, ...objects),
    uniqueString: (...seed) => hash(...seed).slice(0, 13),
  };
}

function inner(scope, names, args) {
  const extended = new Map(scope);
  names.forEach((name, index) => extended.set(name, () => args[index] ?? null));
  return extended;
}

function lazy(make) {
  let made;
  return () => (made ??= { value: make() }).value;
}

function text(part) {
  return part && typeof part === 'object' && '<unknown>' in part ? `<${part['<unknown>']}>` : `${part}`;
}

function unescape(sequence) {
  return { n: '\n', r: '\r', t: '\t' }[sequence[1]] ?? sequence.slice(1);
}
