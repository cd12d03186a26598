import { parseArgs } from 'node:util';
import { messageOf } from '#libs/messaging';
import { type Finding, fuzz } from './fuzz.js';
import type { Target } from './target.js';
import { targets } from './targets.js';

const usage = `Feeds every parser of strangers' bytes with hostile inputs. Each has to end as it documents, in time and with an
answer in proportion to its input.

  npm run fuzz                                    a minute of processor for all targets together
  npm run fuzz -- --seconds 600 --only filter     targets whose name contains the text, comma separated
  npm run fuzz -- --only wildcard --seed 7 --path 12:0:1
                                                  a finding again, as it was printed
  npm run fuzz -- --list                          the targets there are`;

const progressMs = 10_000;
const wanted = readArguments();
if (wanted.help || wanted.list) {
  console.log(wanted.help ? usage : targets.map(({ name }) => name).join('\n'));
  process.exit(0);
}
const seconds = Number(wanted.seconds);
const seed = Number(wanted.seed ?? Math.floor(Math.random() * 2 ** 31));
if (!(seconds > 0) || !Number.isInteger(seed)) explain('--seconds and --seed are numbers.');
const chosen = chosenTargets();
const runs = new Map(chosen.map(({ name }) => [name, 0]));
const findings: Finding[] = [];

console.log(`${chosen.length} targets, ${seconds} s of processor, seed ${seed}`);
if (wanted.path === undefined) await fuzzAll();
else for (const target of chosen) await take(target, { seed, path: wanted.path });
const counts = [...runs].map(([name, count]) => `${name} ${count}`).join(', ');
console.log(`\nInputs: ${counts}`);
console.log(`${chosen.length - findings.length} passed, ${findings.length} failed`);
// A target may still have a connection that no code waits for.
process.exit(findings.length === 0 ? 0 : 1);

/** One turn after the other; a target that failed has no further turn. */
async function fuzzAll(): Promise<void> {
  let toldAtMs = performance.now();
  for (let turn = 0; !isOver(); turn++) {
    for (const target of chosen) {
      if (isOver()) return;
      if (findings.some((finding) => finding.target === target.name)) continue;
      await take(target, { seed: (seed + turn) | 0 });
    }
    if (findings.length === chosen.length) return;
    if (performance.now() - toldAtMs < progressMs) continue;
    toldAtMs = performance.now();
    const total = [...runs.values()].reduce((sum, count) => sum + count, 0);
    console.log(`${Math.round(usedS())} s: ${total} inputs`);
  }
}

async function take(target: Target, start: { seed: number; path?: string }): Promise<void> {
  const turn = await fuzz(target, start);
  runs.set(target.name, (runs.get(target.name) ?? 0) + turn.runs);
  if (!turn.finding) return;
  findings.push(turn.finding);
  const { fault, input, path } = turn.finding;
  console.log(
    `\n✗ ${target.name}: ${fault}\n  input: ${input}\n  again: npm run fuzz -- --only ${target.name} --seed ${start.seed} --path ${path}`,
  );
}

function isOver(): boolean {
  return usedS() >= seconds;
}

function usedS(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function chosenTargets(): readonly Target[] {
  const names = wanted.only?.split(',') ?? [''];
  const found = targets.filter(({ name }) => names.some((part) => name.includes(part)));
  return found.length > 0 ? found : explain(`There is no target ${wanted.only}: --list shows them.`);
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        seconds: { type: 'string', default: '60' },
        only: { type: 'string' },
        seed: { type: 'string' },
        path: { type: 'string' },
        list: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return explain(messageOf(error));
  }
}

function explain(what: string): never {
  console.error(`${what}\n\n${usage}`);
  process.exit(2);
}
