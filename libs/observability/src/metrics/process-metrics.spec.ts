import { register } from 'prom-client';
import { keepProcessMetrics } from './process-metrics.js';

describe('the metrics of every process', () => {
  afterEach(() => register.clear());

  it('tell what it is and how Node fares, and nothing that a timer would have to measure', async () => {
    keepProcessMetrics('router', '1.2.3');
    const shown = await register.metrics();
    expect(shown).toContain('posthorn_build_info{version="1.2.3",service_name="router"} 1');
    expect(shown).toMatch(/^nodejs_eventloop_time_seconds_total\{.*"active".*\} [\d.]+$/m);
    expect(shown).toMatch(/^process_resident_memory_bytes\{.*\} \d+$/m);
    expect(shown).toMatch(/^nodejs_eventloop_lag_seconds\{/m);
    expect(shown).not.toMatch(/^nodejs_eventloop_lag_\w+_seconds/m);
  });
});
