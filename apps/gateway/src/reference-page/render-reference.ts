import type { JsonSchema } from '#libs/contracts';
import { type Html, html, prose } from './html.js';
import { type Operation, renderOperation } from './render-operation.js';
import { renderFields } from './render-schema.js';
import { styleElement } from './styles.js';

interface Document {
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly tags: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

interface Entry {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** The OpenAPI document as one page for people: nothing runs in it, and nothing is fetched from elsewhere. */
export function renderReference(openApi: JsonSchema): string {
  const document = openApi as unknown as Document;
  const entries = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ method, path, operation })),
  );
  const { title, version, description } = document.info;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} API</title>
        ${styleElement}
      </head>
      <body>
        <nav>${renderContents(document, entries)}</nav>
        <main>
          <h1>${title} <small>${version}</small></h1>
          ${prose(description)}
          <p>
            For programs: <a href="/openapi.json">openapi.json</a>, <a href="/asyncapi.json">asyncapi.json</a>
          </p>
          ${document.tags.map((tag) => renderTag(tag, entries))} ${renderSchemas(document)}
        </main>
      </body>
    </html>`.text;
}

function renderContents({ tags }: Document, entries: readonly Entry[]): Html {
  return html`<details open>
    <summary>Contents</summary>
    ${tags.map(
      ({ name }) =>
        html`<h2><a href="#tag-${name}">${titleOf(name)}</a></h2>
          <ul>
            ${ofTag(name, entries).map(
              ({ method, operation }) =>
                html`<li>
                  <a href="#${operation.operationId}">${operation.summary}</a>
                  <b class="${method}">${method}</b>
                </li>`,
            )}
          </ul>`,
    )}
    <h2><a href="#schemas">Schemas</a></h2>
  </details>`;
}

function renderTag(tag: Document['tags'][number], entries: readonly Entry[]): Html {
  return html`<h2 id="tag-${tag.name}">${titleOf(tag.name)}</h2>
    ${tag.description === undefined ? '' : prose(tag.description)}
    ${ofTag(tag.name, entries).map(({ method, path, operation }) => renderOperation(method, path, operation))}`;
}

function renderSchemas({ components }: Document): Html {
  return html`<h2 id="schemas">Schemas</h2>
    ${Object.entries(components.schemas).map(
      ([name, schema]) =>
        html`<section id="schema-${name}">
          <h3><a href="#schema-${name}">${name}</a></h3>
          ${typeof schema['description'] === 'string' ? prose(schema['description']) : ''}
          ${renderFields(schema)}
        </section>`,
    )}`;
}

function ofTag(name: string, entries: readonly Entry[]): Entry[] {
  return entries.filter(({ operation }) => operation.tags.includes(name));
}

function titleOf(tag: string): string {
  const words = tag.replaceAll('-', ' ').replace('api', 'API');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
