// What a published program is made of: writes the licences of all its parts and a software bill of materials (CycloneDX 1.5, JSON).
// node parts.mjs PROGRAM VERSION NODE_MODULES LICENSES-OUT SBOM-OUT; publish.sh calls it. The graph is that of PROGRAM/ecgfm-edge.deps.json: what ships, and nothing else.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [program, version, nodeModules, licensesOut, sbomOut] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const packages = process.env.NUGET_PACKAGES ?? join(homedir(), '.nuget', 'packages');
const root = 'pkg:generic/ecgfm-edge@' + encodeURIComponent(version);
const components = [], dependencies = [];
mkdirSync(licensesOut, { recursive: true });

const deps = JSON.parse(readFileSync(join(program, 'ecgfm-edge.deps.json')));
const target = deps.targets[deps.runtimeTarget.name];
const named = Object.fromEntries(Object.keys(target).map(key => [key.split('/')[0], key]));
for (const [key, library] of Object.entries(deps.libraries)) {
  const [name, number] = key.split('/');
  if (library.type === 'package') addPackage(key, name, number, library.sha512);
  else if (library.type === 'runtimepack') addRuntime(name.replace('runtimepack.', ''), number);
}
dependencies.push({ ref: root, dependsOn: needs(named['ecgfm-edge']) });

// The binding is compiled from one npm package, the native library comes from another.
const lock = JSON.parse(readFileSync(join(nodeModules, '..', 'package-lock.json'))).packages;
for (const name of ['com.github.asus4.onnxruntime', 'onnxruntime-node']) {
  const locked = lock['node_modules/' + name];
  const [algorithm, digest] = locked.integrity.split('-');
  if (algorithm !== 'sha512') fail(`${name}: package-lock.json has no SHA-512 for it`);
  add({ type: 'library', name, version: locked.version, purl: `pkg:npm/${name}@${locked.version}`, licenses: [{ license: { id: locked.license ?? 'MIT' } }], hashes: [sha512(digest)] }, []);
}
write('onnxruntime', readFileSync(join(nodeModules, 'com.github.asus4.onnxruntime', 'LICENSE')));
write('onnxruntime.third-party-notices', readFileSync(join(nodeModules, 'com.github.asus4.onnxruntime', 'ThirdPartyNotices.txt')));
write('ecgfm-edge', readFileSync(join(here, '..', '..', 'LICENSE')));

// The page: its packages and theirs. MQTT.js comes as one file with most of its own inside, so none is left out but types, which become nothing.
const dashboard = join(here, '..', '..', 'src', 'EcgFm.Dashboard');
const locked = Object.entries(JSON.parse(readFileSync(join(dashboard, 'package-lock.json'))).packages);
const notices = [];
for (const [path, { version: number, license, integrity, dev, devOptional }] of locked.sort(([a], [b]) => (a < b ? -1 : 1))) {
  const name = path.split('node_modules/').at(-1);
  const known = `pkg:npm/${name.replace('@', '%40')}@${number}`;
  if (!path || dev || devOptional || name.startsWith('@types/') || components.some(component => component.purl === known)) continue;
  add({ type: 'library', name, version: number, purl: known, licenses: [{ license: { id: license } }], hashes: [sha512(integrity.replace('sha512-', ''))] }, []);
  const texts = readdirSync(join(dashboard, path)).filter(file => /^licen[cs]e(\.|$)/i.test(file)).sort().map(file => readFileSync(join(dashboard, path, file), 'utf8'));
  notices.push(`${name} ${number} (${license})\n\n${texts.join('\n')}`);
}
write('dashboard', notices.join(`\n${'-'.repeat(80)}\n\n`));

for (const model of readdirSync(join(program, 'models')).sort()) {
  const manifest = JSON.parse(readFileSync(join(program, 'models', model, 'manifest.json')));
  add({ type: 'machine-learning-model', name: manifest.name, version: manifest.version, purl: `pkg:generic/${manifest.name}@${manifest.version}`, hashes: [{ alg: 'SHA-256', content: manifest.network.sha256 }] }, []);
}

const own = new Set(components.map(component => component['bom-ref']));
const direct = new Set(dependencies.flatMap(entry => entry.dependsOn));
dependencies.find(entry => entry.ref === root).dependsOn.push(...[...own].filter(ref => !direct.has(ref)));
writeFileSync(sbomOut, JSON.stringify({
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  version: 1,
  metadata: { component: { type: 'application', 'bom-ref': root, name: 'ecgfm-edge', version, purl: root, licenses: [{ license: { id: 'MIT' } }] } },
  components: components.sort(by('bom-ref')),
  dependencies: dependencies.map(entry => ({ ref: entry.ref, dependsOn: [...new Set(entry.dependsOn)].sort() })).sort(by('ref')),
}, null, 2) + '\n');

function addPackage(key, name, number, integrity) {
  const folder = join(packages, name.toLowerCase(), number.toLowerCase());
  const nuspec = readFileSync(join(folder, readdirSync(folder).find(file => file.endsWith('.nuspec'))), 'utf8');
  const tag = element => nuspec.match(new RegExp(`<${element}[^>]*>([^<]*)<`))?.[1].trim();
  const expression = nuspec.match(/<license type="expression">([^<]*)</)?.[1];
  const texts = readdirSync(folder).filter(file => /^(licen[cs]e|third-party-notices|notice)(\.|$)/i.test(file)).map(file => readFileSync(join(folder, file)));
  if (!texts.length) {
    const standard = join(here, 'licenses', `${expression}.txt`);
    if (!existsSync(standard)) fail(`${name} ${number} is under ${expression ?? 'a licence of its own'}, and no text of it is at hand: add ${basename(standard)} to device/package/licenses`);
    texts.push(`${name} ${number}\n${tag('copyright') ?? tag('authors')}\n${tag('projectUrl') ?? ''}\n\n`, readFileSync(standard));
  }
  write(name, texts.join('\n'));
  add({
    type: 'library', name, version: number, purl: `pkg:nuget/${name}@${number}`,
    licenses: expression ? [{ license: { id: expression } }] : [{ license: { name: `see ${name}.txt` } }],
    hashes: [sha512(integrity.replace('sha512-', ''))],
  }, needs(key));
}

function addRuntime(name, number) {
  const folder = join(packages, name.toLowerCase(), number);
  for (const file of existsSync(folder) ? readdirSync(folder).filter(file => /^(license|third-?party-?notices)/i.test(file)) : []) write(`${name}.${basename(file).toLowerCase()}`, readFileSync(join(folder, file)));
  add({ type: 'framework', name, version: number, purl: `pkg:nuget/${name}@${number}`, licenses: [{ license: { id: 'MIT' } }] }, []);
}

// The packages that a library needs; through our own projects, which are no parts by themselves.
function needs(key, seen = new Set()) {
  if (!key || seen.has(key)) return [];
  seen.add(key);
  return Object.keys(target[key]?.dependencies ?? {}).map(name => named[name]).filter(Boolean).flatMap(child =>
    deps.libraries[child].type === 'package' ? ['pkg:nuget/' + child.replace('/', '@')] : needs(child, seen));
}

function add(component, dependsOn) {
  components.push({ 'bom-ref': component.purl, ...component });
  dependencies.push({ ref: component.purl, dependsOn });
}

function write(name, text) { writeFileSync(join(licensesOut, name.replace(/\.txt$/, '') + '.txt'), text); }
function sha512(base64) { return { alg: 'SHA-512', content: Buffer.from(base64, 'base64').toString('hex') }; }
function by(key) { return (a, b) => (a[key] < b[key] ? -1 : a[key] > b[key] ? 1 : 0); }
function fail(sentence) { console.error(`publish: ${sentence}.`); process.exit(1); }
