import type { Panel, Row } from './panels.js';

const interval = '[$__rate_interval]';

export function rate(series: string, by = ''): string {
  return `sum${by && ` by (${by})`} (rate(${series}${interval}))`;
}

/** @param series of a histogram, without `_bucket`. */
export function quantile(q: number, series: string, by = ''): string {
  const [name = '', labels = ''] = series.split(/(?=\{)/);
  const kept = ['le', ...(by ? [by] : [])].join(', ');
  return `histogram_quantile(${q}, sum by (${kept}) (rate(${name}_bucket${labels}${interval})))`;
}

export function quantiles(title: string, series: string, about?: string): Panel {
  return {
    title,
    unit: 's',
    ...(about !== undefined && { about }),
    lines: { p50: quantile(0.5, series), p95: quantile(0.95, series), p99: quantile(0.99, series) },
  };
}

const queue = 'messaging_destination_name';

/** What every service has: its handlers, what it publishes, how its processes fare. */
export function commonRows(service: string, hasDatabase: boolean): Row[] {
  const of = `service_name="${service}"`;
  return [
    { title: 'Handlers', panels: [...handlerPanels(of), ...brokerPanels(of)] },
    ...(hasDatabase ? [databaseRow(of)] : []),
    processRow(of),
  ];
}

function handlerPanels(of: string): Panel[] {
  return [
    {
      title: 'Messages handled, by queue',
      unit: 'ops',
      lines: { [`{{${queue}}}`]: rate(`messaging_client_consumed_messages_total{${of}}`, queue) },
    },
    {
      title: 'How long runs take: p99, by queue',
      unit: 's',
      about: 'A batch is one run. A queue to which nothing came has no line.',
      lines: {
        [`{{${queue}}}`]: `${quantile(0.99, `messaging_process_duration_seconds{${of}}`, queue)} >= 0`,
      },
    },
    {
      title: 'Runs that failed, by queue and why',
      unit: 'ops',
      lines: {
        [`{{${queue}}} {{error_type}}`]: `${rate(`messaging_process_duration_seconds_count{${of}, error_type!=""}`, `${queue}, error_type`)} or vector(0)`,
      },
    },
  ];
}

function brokerPanels(of: string): Panel[] {
  return [
    {
      title: 'Hands full: messages in hand, of as many as may be',
      unit: 'percentunit',
      lines: {
        [`{{${queue}}}`]: `sum by (${queue}) (posthorn_consumer_in_hand_messages{${of}}) / sum by (${queue}) (posthorn_consumer_in_hand_limit_messages{${of}})`,
      },
    },
    {
      title: 'Messages parked',
      unit: 'short',
      lines: { [`{{${queue}}}`]: `sum by (${queue}) (posthorn_messages_parked_total{${of}})` },
    },
    {
      title: 'Connections to RabbitMQ made again',
      unit: 'short',
      lines: {
        '{{connection}}': `sum by (connection) (posthorn_broker_reconnects_total{${of}})`,
        blocked: `max(posthorn_broker_blocked{${of}})`,
      },
    },
  ];
}

function databaseRow(of: string): Row {
  return {
    title: 'Postgres',
    panels: [
      {
        title: 'How long work takes: p99',
        unit: 's',
        lines: {
          '{{db_operation_name}}': quantile(
            0.99,
            `db_client_operation_duration_seconds{${of}}`,
            'db_operation_name',
          ),
        },
      },
      {
        title: 'Connections',
        unit: 'short',
        lines: {
          '{{db_client_connection_state}}': `sum by (db_client_connection_state) (db_client_connection_count{${of}})`,
          'at most': `sum(db_client_connection_max{${of}})`,
          'waiting for one': `sum(db_client_connection_pending_requests{${of}})`,
        },
      },
      {
        title: 'Work that failed',
        unit: 'ops',
        lines: {
          '{{error_type}}': `${rate(`db_client_operation_duration_seconds_count{${of}, error_type!=""}`, 'error_type')} or vector(0)`,
        },
      },
    ],
  };
}

function processRow(of: string): Row {
  return {
    title: 'Processes',
    panels: [
      {
        title: 'Event loop: time at work',
        unit: 'percentunit',
        lines: {
          '{{instance}}': `${rate(`nodejs_eventloop_time_seconds_total{${of}, nodejs_eventloop_state="active"}`, 'instance')} / ${rate(`nodejs_eventloop_time_seconds_total{${of}}`, 'instance')}`,
        },
      },
      {
        title: 'Memory',
        unit: 'bytes',
        lines: { '{{instance}}': `sum by (instance) (process_resident_memory_bytes{${of}})` },
      },
      {
        title: 'What waits for confirms, of as much as may',
        unit: 'percentunit',
        lines: {
          '{{instance}} messages': `posthorn_publisher_pending_messages{${of}} / posthorn_publisher_pending_limit_messages{${of}}`,
          '{{instance}} bytes': `posthorn_publisher_pending_bytes{${of}} / posthorn_publisher_pending_limit_bytes{${of}}`,
        },
      },
    ],
  };
}
