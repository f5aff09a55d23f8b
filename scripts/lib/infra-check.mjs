import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { dependsOn, evaluate } from './bicep-evaluate.mjs';
import { bicepParser, find, keyOf, parts } from './bicep.mjs';
import { Failure, main } from './failure.mjs';

// Prints what each given copy of infra/ says, as JSON, for tests to judge: the declarations of its files, and what it
// would deploy. A copy may hold example.parameters.json, whose values go over those of main.parameters.json.
await main('lib/infra-check', async () => {
  const folders = process.argv.slice(2);
  if (folders.length === 0) {
    throw new Failure('which folder?');
  }
  const parse = await bicepParser();
  const text = JSON.stringify(folders.map(folder => facts(parse, folder)), byName);
  await new Promise(resolve => process.stdout.write(`${text}\n`, resolve));
  return 0;
});

/** A resource that another names as its parent or scope is said by its symbol. */
function byName(key, value) {
  return (key === 'parent' || key === 'scope') && value?.['<unknown>'] ? value['<unknown>'] : value;
}

function facts(parse, folder) {
  const paths = readdirSync(folder, { recursive: true }).filter(path => path.endsWith('.bicep')).sort();
  const files = paths.map(path => fileFacts(path.replaceAll('\\', '/'), parse(readFileSync(join(folder, path), 'utf8'))));
  const result = { folder, files, deployment: null, problem: null };
  if (files.every(file => file.errors.length === 0)) {
    try {
      result.deployment = evaluate(parse, join(folder, 'main.bicep'), parameters(folder));
      result.deployment.resources.forEach(resource => resource.file = relative(folder, resource.file).replaceAll('\\', '/'));
    } catch (error) {
      result.problem = error.message;
    }
  }
  return result;
}

function fileFacts(path, file) {
  return {
    path,
    errors: file.errors,
    targetScope: file.targetScope ?? 'resourceGroup',
    parameters: file.parameters.map(({ symbol, decorators, defaultValue }) => ({
      name: symbol,
      described: (decorators.get('description')?.text ?? '').length > 5,
      secure: decorators.has('secure'),
      required: !defaultValue,
      used: mentions(file, symbol) > 0,
    })),
    undescribed: file.types.flatMap(({ value }) => undescribedProperties(value)),
    modules: file.modules.map(declared => ({ symbol: declared.symbol, path: declared.path, dependsOn: dependsOn(declared),
      batchSize: declared.decorators.get('batchSize')?.text ?? null, conditional: find(declared.value, ['if_statement']).length > 0 })),
    outputs: file.outputs.map(({ symbol, value }) => ({ name: symbol, expression: value.text })),
    calls: find(file.root, ['call_expression']).map(call => parts(call)[0].text),
  };
}

/** How often a name is read, its declaration and the keys of objects apart. */
function mentions({ root }, name) {
  return find(root, ['identifier']).filter(identifier => identifier.text === name).filter(({ id, parent }) =>
    !(parent.type === 'parameter_declaration' && parent.namedChildren[0].id === id)
    && !(parent.type === 'object_property' && parent.namedChildren[0].id === id)).length;
}

/** The properties of a parameter's type that say nothing about themselves. */
function undescribedProperties(type) {
  const missing = [];
  let described = false;
  for (const part of parts(type)) {
    if (part.type === 'object_property' && !described) {
      missing.push(keyOf(part));
    }
    described = part.type === 'decorators' && part.text.includes('@description(');
  }
  return missing;
}

function parameters(folder) {
  const read = path => Object.fromEntries(Object.entries(JSON.parse(readFileSync(join(folder, path), 'utf8')).parameters)
    .map(([name, { value }]) => [name, value]));
  const example = readdirSync(folder).includes('example.parameters.json') ? read('example.parameters.json') : {};
  return { ...read('main.parameters.json'), ...example };
}
