import { commonRows, quantile, quantiles, rate } from './common-rows.js';
import type { Dashboard, Panel, Row } from './panels.js';

function stat(title: string, unit: string, query: string): Panel {
  return { title, unit, kind: 'stat', lines: { [title]: query } };
}

function timed(title: string, unit: string, lines: Readonly<Record<string, string>>): Panel {
  return { title, unit, lines };
}

const overview: Dashboard = {
  uid: 'posthorn-overview',
  title: 'Posthorn: overview',
  rows: [
    {
      title: 'Now',
      panels: [
        stat('Accepted a second', 'ops', rate('posthorn_events_accepted_total')),
        stat('Delivered a second', 'ops', rate('posthorn_attempts_total{outcome="delivered"}')),
        stat('Attempts that fail', 'percentunit', failing()),
        stat('Due, and not sent', 'short', 'max(posthorn_deliveries_due)'),
        stat('Parked', 'short', 'max(posthorn_parked_messages)'),
        stat('Processes', 'short', 'count(posthorn_build_info)'),
      ],
    },
    {
      title: 'Traffic',
      panels: [
        timed('Accepted, by door', 'ops', { '{{door}}': rate('posthorn_events_accepted_total', 'door') }),
        timed('Refused: RabbitMQ did not confirm', 'ops', {
          '{{door}}': rate('posthorn_events_refused_total{reason="unavailable"}', 'door'),
        }),
        timed('Attempts, by outcome', 'ops', { '{{outcome}}': rate('posthorn_attempts_total', 'outcome') }),
        quantiles('From acceptance to first attempt', 'posthorn_accept_to_first_attempt_seconds'),
        quantiles('From acceptance to delivered', 'posthorn_accept_to_delivered_seconds'),
        timed('Waiting in queues', 'short', {
          '{{messaging_destination_name}}':
            'max by (messaging_destination_name) (posthorn_queue_ready_messages)',
        }),
      ],
    },
    {
      title: 'What waits',
      panels: [
        timed('Deliveries', 'short', {
          due: 'max(posthorn_deliveries_due)',
          'on the way': 'max(posthorn_deliveries_on_the_way)',
          'held: {{reason}}': 'max by (reason) (posthorn_deliveries_held)',
        }),
        timed('For how long', 's', {
          'oldest due': 'max(posthorn_deliveries_due_oldest_seconds)',
          'behind the timetable': 'max(posthorn_timetable_late_seconds)',
        }),
        timed('Circuits open', 'percentunit', {
          'of all destinations': 'max(posthorn_circuits_open) / max(posthorn_destinations)',
        }),
      ],
    },
    {
      title: 'Health',
      panels: [
        timed('Event loop: time at work', 'percentunit', {
          '{{service_name}}': `${rate('nodejs_eventloop_time_seconds_total{nodejs_eventloop_state="active"}', 'service_name')} / ${rate('nodejs_eventloop_time_seconds_total', 'service_name')}`,
        }),
        timed('Handlers that fail', 'ops', {
          '{{messaging_destination_name}}': `${rate('messaging_process_duration_seconds_count{error_type!=""}', 'messaging_destination_name')} or vector(0)`,
        }),
        timed('Sent again by the sweeper', 'short', {
          '{{kind}}': 'sum by (kind) (posthorn_sweeper_repairs_total)',
        }),
      ],
    },
  ],
};

/** Nothing tried is nothing failed. */
function failing(): string {
  const tried = rate('posthorn_attempts_total');
  return `${rate('posthorn_attempts_total{outcome!="delivered"}')} / (${tried} > 0) or vector(0)`;
}

const gateway: Row = {
  title: 'HTTP',
  panels: [
    timed('Requests, by route', 'reqps', {
      '{{http_request_method}} {{http_route}}': rate(
        'http_server_request_duration_seconds_count',
        'http_request_method, http_route',
      ),
    }),
    timed('Errors, by route and status', 'reqps', {
      '{{http_route}} {{http_response_status_code}}': `${rate('http_server_request_duration_seconds_count{http_response_status_code=~"[45].."}', 'http_route, http_response_status_code')} or vector(0)`,
    }),
    quantiles(
      'Publishing: time to answer',
      'http_server_request_duration_seconds{http_route=~".*/events.*"}',
    ),
    timed('Requests being answered', 'short', { '{{instance}}': 'http_server_active_requests' }),
    timed('Accepted, by door', 'ops', { '{{door}}': rate('posthorn_events_accepted_total', 'door') }),
    timed('Time to confirm: p99', 's', {
      p99: quantile(0.99, 'messaging_client_operation_duration_seconds{service_name="gateway"}'),
    }),
  ],
};

const router: Row = {
  title: 'Routing',
  panels: [
    timed('Events', 'ops', {
      routed: rate('posthorn_events_routed_total'),
      repeated: rate('posthorn_events_repeated_total'),
    }),
    timed('Deliveries', 'ops', { 'held: {{held}}': rate('posthorn_deliveries_routed_total', 'held') }),
    timed('Deliveries for each event', 'short', {
      mean: `${rate('posthorn_deliveries_routed_total')} / ${rate('posthorn_events_routed_total')}`,
    }),
  ],
};

const dispatcher: Row = {
  title: 'Attempts',
  panels: [
    timed('By outcome and error class', 'ops', {
      '{{outcome}} {{error_class}}': rate('posthorn_attempts_total', 'outcome, error_class'),
    }),
    timed('Duration: p99, by outcome', 's', {
      '{{outcome}}': `${quantile(0.99, 'posthorn_attempt_duration_seconds', 'outcome')} >= 0 or vector(0)`,
    }),
    timed('Under way', 'short', { '{{instance}}': 'posthorn_attempts_under_way' }),
    timed('Postponed, by reason', 'ops', {
      '{{reason}}': rate('posthorn_deliveries_postponed_total', 'reason'),
    }),
    quantiles('From acceptance to first attempt', 'posthorn_accept_to_first_attempt_seconds'),
    quantiles('From acceptance to delivered', 'posthorn_accept_to_delivered_seconds'),
  ],
};

const ledger: Row = {
  title: 'Books and timetable',
  panels: [
    timed('Attempts recorded, by outcome', 'ops', {
      '{{outcome}}': rate('posthorn_attempts_recorded_total', 'outcome'),
    }),
    timed('Deliveries released and given up', 'ops', {
      released: rate('posthorn_deliveries_released_total'),
      'given up': rate('posthorn_deliveries_given_up_total'),
    }),
    timed('Events not routed yet', 'short', {
      events: 'max(posthorn_events_unrouted)',
      'oldest, in seconds': 'max(posthorn_events_unrouted_oldest_seconds)',
    }),
    timed('On the way to endpoints', 'short', {
      deliveries: 'max(posthorn_deliveries_on_the_way)',
      'oldest, in seconds': 'max(posthorn_deliveries_on_the_way_oldest_seconds)',
    }),
    timed('Replays', 'short', {
      unfinished: 'max(posthorn_replays_unfinished)',
      'deliveries still to send': 'max(posthorn_replays_remaining_deliveries)',
    }),
    timed('Size of the books', 'bytes', { '{{table}}': 'max by (table) (posthorn_table_size_bytes)' }),
    timed('Days ahead that have a partition', 'short', {
      '{{table}}': 'max by (table) (posthorn_partitions_ahead_days)',
    }),
  ],
};

const alerts: Row = {
  title: 'What the operator is told',
  panels: [
    timed('Events of tenant posthorn, by type', 'short', {
      '{{type}}': 'sum by (type) (posthorn_operational_events_total)',
    }),
  ],
};

const registry: Row = {
  title: 'Changes',
  panels: [
    timed('Waiting to be made known', 'short', {
      '{{service_name}}': 'max by (service_name) (posthorn_outbox_messages)',
    }),
    timed('For how long', 's', {
      '{{service_name}}': 'max by (service_name) (posthorn_outbox_oldest_seconds)',
    }),
    timed('Destinations', 'short', { destinations: 'max(posthorn_destinations)' }),
  ],
};

function ofService(service: string, own: Row): Dashboard {
  return {
    uid: `posthorn-${service}`,
    title: `Posthorn: ${service}`,
    rows: [own, ...commonRows(service, service !== 'gateway')],
  };
}

/** An overview, and one for each service. */
export const dashboards: readonly Dashboard[] = [
  overview,
  ofService('gateway', gateway),
  ofService('router', router),
  ofService('dispatcher', dispatcher),
  ofService('ledger', ledger),
  ofService('alerts', alerts),
  ofService('registry', registry),
];
