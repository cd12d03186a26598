import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { findHelm, type Manifest, render } from './chart/helm.js';
import { schemaFaults } from './chart/schema-faults.js';

const services = ['gateway', 'registry', 'router', 'dispatcher', 'ledger', 'alerts'];
const production = ['--values', 'deploy/helm/posthorn/values-production.yaml'];
const rules = 'docker/prometheus/posthorn.rules.yml';

const helm = findHelm() ?? '';
if (helm === '') process.stderr.write('The Helm chart is not checked: there is no helm on this machine.\n');

interface Container {
  readonly image: string;
  readonly envFrom: readonly { secretRef: { name: string } }[];
  readonly securityContext: object;
  readonly resources: { readonly requests: object; readonly limits: object };
}

/** Of a Deployment. */
interface Pods {
  readonly replicas?: number;
  readonly template: {
    readonly spec: {
      readonly containers: readonly [Container];
      readonly securityContext: object;
      readonly terminationGracePeriodSeconds: number;
    };
  };
}

(helm === '' ? describe.skip : describe)('the Helm chart', () => {
  it('is what Kubernetes takes, by default, in production, and without what can be left out', () => {
    const least = ['--set', 'networkPolicy.enabled=false,defaults.replicas=1'];
    const sets: (readonly string[])[] = [[], production, least];
    expect(schemaFaults(sets.flatMap((options) => render(helm, ...options)))).toEqual([]);
  });

  it('is checked by something that sees a wrong field and a wrong form', () => {
    const [deployment] = of('Deployment', render(helm));
    const wrong = [{ replicas: 'two' }, { minReadySecond: 1 }].map((spec) => ({
      ...deployment!,
      spec: { ...deployment!.spec, ...spec },
    }));
    const [form, field] = schemaFaults(wrong);
    expect(form).toContain("Type 'string' is not assignable to type 'number'");
    expect(field).toContain('minReadySecond');
  });

  it('has a Deployment for each service, with its own image and its own Secret, that can do little', () => {
    const deployments = of('Deployment', render(helm));
    expect(deployments.map(({ metadata }) => metadata.name).toSorted()).toEqual(
      services.map((name) => `posthorn-${name}`).toSorted(),
    );
    for (const { metadata, spec } of deployments) {
      const service = metadata.labels['app.kubernetes.io/component']!;
      const { containers, ...pod } = (spec as unknown as Pods).template.spec;
      expect(pod).toMatchObject({
        terminationGracePeriodSeconds: 35,
        securityContext: { runAsNonRoot: true },
      });
      expect(containers).toEqual([
        expect.objectContaining({
          image: `posthorn/${service}:0.1.0`,
          envFrom: [{ secretRef: { name: `posthorn-${service}` } }],
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
        }),
      ]);
      expect(containers[0].resources).toHaveProperty('requests');
      expect(containers[0].resources).toHaveProperty('limits.memory');
    }
    expect(of('PodDisruptionBudget', render(helm))).toHaveLength(services.length);
  });

  it('lets the dispatcher alone reach the outside, and the gateway not reach Postgres', () => {
    const policies = of('NetworkPolicy', render(helm));
    const reaching = (needle: string): string[] =>
      policies
        .filter(({ spec }) => JSON.stringify(spec?.['egress']).includes(needle))
        .map(({ metadata }) => metadata.labels['app.kubernetes.io/component']!);
    expect(policies).toHaveLength(services.length);
    expect(reaching('0.0.0.0/0')).toEqual(['dispatcher']);
    expect(reaching('5432').toSorted()).toEqual(services.filter((name) => name !== 'gateway').toSorted());
  });

  it('leaves the number of processes to whoever scales them, and none unscaled in production', () => {
    const manifests = render(helm, ...production);
    const replicas = of('Deployment', manifests).map(({ spec }) => (spec as unknown as Pods).replicas);
    expect(replicas).toEqual(services.map(() => undefined));
    expect(of('HorizontalPodAutoscaler', manifests)).toHaveLength(1);
    expect(of('ScaledObject', manifests)).toHaveLength(services.length - 1);
  });

  it('watches every service, by the same rules as Prometheus in docker compose', () => {
    const manifests = render(helm, ...production);
    expect(of('ServiceMonitor', manifests)).toHaveLength(services.length);
    const expected = existsSync(rules) ? (parse(readFileSync(rules, 'utf8')) as object) : {};
    expect(of('PrometheusRule', manifests)[0]?.spec).toEqual(expected);
  });

  it.each(['services.ledgr.replicas=2', 'terminationGracePeriodSeconds=10', 'networkPolicy.egressPorts={0}'])(
    'refuses the value %s',
    (value) => {
      expect(() => render(helm, '--set', value)).toThrow("values don't meet the specifications");
    },
  );
});

function of(kind: string, manifests: readonly Manifest[]): Manifest[] {
  return manifests.filter((manifest) => manifest.kind === kind);
}
