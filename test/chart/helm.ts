import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';

const chart = 'deploy/helm/posthorn';
/** Helm itself may be built without saying for which Kubernetes. */
const kubernetes = '1.31.0';

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec?: Record<string, unknown>;
}

/** On the path, or where .ci/run puts it. */
export function findHelm(): string | undefined {
  return ['helm', resolve('.posthorn', 'bin', 'helm')].find((program) => {
    try {
      execFileSync(program, ['version', '--short'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}

/** What would be installed, with values on top of the chart's own. @throws with what Helm says against it. */
export function render(helm: string, ...options: readonly string[]): Manifest[] {
  const args = ['template', 'posthorn', chart, '--kube-version', kubernetes, ...options];
  const text = execFileSync(helm, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  return parseAllDocuments(text)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null);
}
