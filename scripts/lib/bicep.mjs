import { createRequire } from 'node:module';
import { Failure } from './failure.mjs';

/** Reads Bicep text with the grammar tree-sitter-bicep (as WebAssembly, so nothing is compiled). */
export async function bicepParser() {
  const require = createRequire(import.meta.url);
  let runtime, grammar;
  try {
    runtime = require('web-tree-sitter');
    grammar = require.resolve('tree-sitter-bicep/tree-sitter-bicep.wasm');
  } catch {
    throw new Failure('the packages tree-sitter-bicep and web-tree-sitter are not installed: run npm ci.');
  }
  await runtime.Parser.init();
  const parser = new runtime.Parser();
  parser.setLanguage(await runtime.Language.load(grammar));
  // Copies that differ in one file share the others.
  const known = new Map();
  return text => known.get(text) ?? known.set(text, readFile(parser.parse(text).rootNode)).get(text);
}

/** The named children of a node that say something. */
export function parts(node) {
  return node.namedChildren.filter(child => !/comment$/.test(child.type));
}

export function find(node, types, found = []) {
  if (types.includes(node.type)) {
    found.push(node);
  }
  node.namedChildren.forEach(child => find(child, types, found));
  return found;
}

/** What a string says where nothing in it is computed. */
export function literal(node) {
  return parts(node).map(part => part.text).join('');
}

/** The key of an object's property, or '*'. */
export function keyOf(property) {
  const [key] = parts(property);
  return property.firstChild.type === '*' ? '*' : key.type === 'string' ? literal(key) : key.text;
}

function readFile(root) {
  const file = { root, errors: [], imports: [], parameters: [], variables: [], functions: [], types: [], resources: [], modules: [], outputs: [] };
  collectErrors(root, file.errors);
  let decorators = [];
  for (const node of parts(root)) {
    if (node.type === 'decorators') {
      decorators = find(node, ['decorator']).map(decorator => parts(parts(decorator)[0]));
      continue;
    }
    const declared = { node, decorators: new Map(decorators.map(([name, args]) => [name.text, args && parts(args)[0]])) };
    const children = parts(node);
    const [symbol] = children;
    const add = (list, more) => list.push({ symbol: symbol.text, ...declared, ...more });
    switch (node.type) {
      case 'target_scope_assignment': file.targetScope = literal(symbol); break;
      case 'import_functionality':
        file.imports.push({ names: children.slice(0, -1).map(name => name.text), path: literal(children.at(-1)) });
        break;
      case 'parameter_declaration': add(file.parameters, { nullable: parts(children[1])[0]?.type === 'nullable_type', defaultValue: children[2] }); break;
      case 'variable_declaration': add(file.variables, { value: children.at(-1) }); break;
      case 'user_defined_function':
        add(file.functions, { names: parts(children[1]).map(parameter => parts(parameter)[0].text), value: children.at(-1) });
        break;
      case 'type_declaration': add(file.types, { value: children.at(-1) }); break;
      case 'resource_declaration':
        add(file.resources, { type: literal(children[1]), existing: node.children.some(child => child.text === 'existing'), value: children.at(-1) });
        break;
      case 'module_declaration': add(file.modules, { path: literal(children[1]), value: children.at(-1) }); break;
      case 'output_declaration': add(file.outputs, { value: children.at(-1) }); break;
      default: file.errors.push(`${at(node)}: a ${node.type} is not understood here`);
    }
    decorators = [];
  }
  return file;
}

function collectErrors(node, errors) {
  if (node.type === 'ERROR' || node.isMissing) {
    errors.push(`${at(node)}: does not parse: ${node.text.slice(0, 60)}`);
  } else if (node.hasError) {
    node.children.forEach(child => collectErrors(child, errors));
  }
}

function at({ startPosition: { row, column } }) {
  return `${row + 1}:${column + 1}`;
}
