import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import type { Manifest } from './helm.js';

/** Where the types of each API are. */
const models: Readonly<Record<string, string>> = {
  'monitoring.coreos.com/v1': '@kubernetes-models/prometheus-operator',
  'keda.sh/v1alpha1': '@kubernetes-models/keda',
};
const native = 'kubernetes-models';
const directory = resolve('.posthorn', 'test', 'chart');
const options: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: [],
};

/**
 * What the schemas of Kubernetes, KEDA and the Prometheus operator have against some manifests. Each is compiled as a
 * literal of its type, so that a field that does not exist is as wrong as one that has the wrong form.
 */
export function schemaFaults(manifests: readonly Manifest[]): string[] {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, 'manifests.ts');
  writeFileSync(file, manifests.map(asLiteral).join('\n'));
  return ts.getPreEmitDiagnostics(ts.createProgram([file], options)).map((diagnostic) => {
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ');
    return `${manifestAt(diagnostic, manifests)}: ${text}`;
  });
}

/** One a line, so that a fault's line says which it is. */
function asLiteral(manifest: Manifest): string {
  const { apiVersion, kind } = manifest;
  const model = `${models[apiVersion] ?? native}/${apiVersion}/${kind}`;
  return `(${JSON.stringify(manifest)}) satisfies import('${model}').I${kind};`;
}

function manifestAt({ file, start }: ts.Diagnostic, manifests: readonly Manifest[]): string {
  const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line : -1;
  const manifest = manifests[line];
  return manifest ? `${manifest.kind} ${manifest.metadata.name}` : 'all';
}
