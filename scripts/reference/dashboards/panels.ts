/** One figure over time, or as it stands. */
export interface Panel {
  readonly title: string;
  /** As Grafana names them: `s`, `bytes`, `reqps`, `percentunit`, `short`. */
  readonly unit: string;
  readonly kind?: 'timeseries' | 'stat';
  readonly about?: string;
  /** What each line shows, and the query behind it. One that is empty while all is well ends with `or vector(0)`. */
  readonly lines: Readonly<Record<string, string>>;
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly rows: readonly Row[];
}

const perLine = 3;
const width = 24 / perLine;
const height = { timeseries: 8, stat: 4 };
const source = { type: 'prometheus', uid: '${datasource}' };

/** A dashboard as Grafana reads it. */
export function grafanaJson({ uid, title, rows }: Dashboard): string {
  const panels: object[] = [];
  let y = 0;
  for (const row of rows) {
    panels.push({
      type: 'row',
      title: row.title,
      collapsed: false,
      panels: [],
      gridPos: { x: 0, y: y++, w: 24, h: 1 },
    });
    for (let start = 0; start < row.panels.length; start += perLine) {
      const line = row.panels.slice(start, start + perLine);
      panels.push(...line.map((panel, index) => panelJson(panel, { x: index * width, y })));
      y += Math.max(...line.map(({ kind = 'timeseries' }) => height[kind]));
    }
  }
  return `${JSON.stringify(
    {
      uid,
      title,
      tags: ['posthorn'],
      schemaVersion: 39,
      editable: true,
      refresh: '10s',
      time: { from: 'now-1h', to: 'now' },
      templating: { list: [{ name: 'datasource', type: 'datasource', query: 'prometheus', current: {} }] },
      links: [{ type: 'dashboards', title: 'Posthorn', tags: ['posthorn'], asDropdown: true }],
      panels: panels.map((panel, index) => ({ id: index + 1, ...panel })),
    },
    null,
    2,
  )}\n`;
}

function panelJson(
  { title, unit, about, kind = 'timeseries', lines }: Panel,
  { x, y }: { readonly x: number; readonly y: number },
): object {
  return {
    type: kind,
    title,
    ...(about !== undefined && { description: about }),
    datasource: source,
    gridPos: { x, y, w: width, h: height[kind] },
    fieldConfig: {
      defaults: { unit, min: 0, custom: { fillOpacity: 10, showPoints: 'never' } },
      overrides: [],
    },
    options: kind === 'stat' ? { reduceOptions: { calcs: ['lastNotNull'] } } : { tooltip: { mode: 'multi' } },
    targets: Object.entries(lines).map(([legendFormat, expr], index) => ({
      refId: String.fromCharCode(65 + index),
      datasource: source,
      expr,
      legendFormat,
    })),
  };
}
