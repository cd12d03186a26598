import type { JsonSchema } from '#libs/contracts';
import { type Html, html, prose } from './html.js';
import { renderField, typeOf } from './render-schema.js';

interface Media {
  readonly schema: JsonSchema;
  readonly example?: unknown;
}

interface Response {
  readonly description: string;
  readonly content?: Readonly<Record<string, Media>>;
}

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly security: readonly { readonly key?: readonly string[] }[];
  readonly parameters?: readonly (JsonSchema & { name: string; in: string; schema: JsonSchema })[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, Response>>;
}

export function renderOperation(method: string, path: string, operation: Operation): Html {
  const { operationId, summary, description, security, parameters = [] } = operation;
  const scope = security[0]?.key?.[0];
  return html`<section id="${operationId}">
    <h3><a href="#${operationId}">${summary}</a></h3>
    <p class="route"><b class="${method}">${method.toUpperCase()}</b> <code>${path}</code></p>
    ${description === undefined ? '' : prose(description)}
    <p class="scope">${scope === undefined ? 'No key is needed.' : html`Scope <code>${scope}</code>`}</p>
    ${
      parameters.length > 0
        ? html`<h4>Parameters</h4>
            <table>
              ${parameters.map(renderParameter)}
            </table>`
        : ''
    }
    ${renderBody(operation)} ${renderReplies(operation.responses)}
    <h4>Try it</h4>
    <pre>${curlOf(method, path, operation)}</pre>
  </section>`;
}

function renderParameter(parameter: NonNullable<Operation['parameters']>[number]): Html {
  const { name, in: where, required, description, schema } = parameter;
  const field = {
    ...schema,
    description: [description, where === 'header' ? 'A header.' : ''].join(' ').trim(),
  };
  return renderField(name, field, required === true);
}

function renderBody({ requestBody }: Operation): Html {
  if (!requestBody) return html``;
  const bodies = Object.entries(requestBody.content).map(
    ([mediaType, { schema, example }]) =>
      html`<p><code>${mediaType}</code>: ${typeOf(schema)}</p>
        <pre>${pretty(example)}</pre>`,
  );
  return html`<h4>Body</h4>
    ${bodies}`;
}

function renderReplies(responses: Operation['responses']): Html {
  const rows = Object.entries(responses).map(
    ([status, { description, content = {} }]) =>
      html`<tr>
        <th><code>${status}</code></th>
        <td>
          ${Object.entries(content)
            .filter(([mediaType]) => mediaType !== 'application/problem+json')
            .map(([, { schema }]) => html`<span class="type">${shapeOf(schema)}</span>`)}
          ${prose(description)}
        </td>
      </tr>`,
  );
  return html`<h4>Answers</h4>
    <table>
      ${rows}
    </table>`;
}

/** A list is told by what is in it. */
function shapeOf(schema: JsonSchema): Html {
  const { properties } = schema as { properties?: { data?: JsonSchema } };
  return properties?.data
    ? html`{ data: ${typeOf(properties.data)}, nextCursor, prevCursor }`
    : typeOf(schema);
}

function curlOf(method: string, path: string, { security, requestBody }: Operation): string {
  const [body] = Object.entries(requestBody?.content ?? {});
  return [
    `curl${method === 'get' ? '' : ` -X ${method.toUpperCase()}`} "$API${path.replaceAll(/\{(\w+)\}/g, '$$$1')}"`,
    ...(security.length > 0 ? ['-H "Authorization: Bearer $KEY"'] : []),
    ...(body ? [`-H 'Content-Type: ${body[0]}'`, `-d '${JSON.stringify(body[1].example)}'`] : []),
  ].join(' \\\n  ');
}

function pretty(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
