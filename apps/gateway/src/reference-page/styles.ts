import { createHash } from 'node:crypto';
import { Html } from './html.js';

/** In light and in dark, as the reader's system has it. */
const styles = `
:root { --ink: #1c2430; --soft: #5b6675; --line: #dfe4ea; --back: #fff; --panel: #f5f7f9; --link: #0b62c4; color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e8ee; --soft: #98a4b3; --line: #2d3642; --back: #12171e; --panel: #1a212a; --link: #6cb0ff; }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; display: grid; grid-template-columns: 19rem minmax(0, 1fr); background: var(--back); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1rem; border-right: 1px solid var(--line); background: var(--panel); font-size: .87rem; }
nav summary { display: none; }
nav h2 { margin: 1.1rem 0 .2rem; font-size: .95rem; }
nav ul { margin: 0; padding: 0; list-style: none; }
nav li { display: flex; justify-content: space-between; gap: .5rem; padding: .12rem 0; }
nav li a { color: var(--ink); }
main { max-width: 56rem; padding: 1.5rem 2.5rem 6rem; }
h1 small { color: var(--soft); font-size: 1rem; font-weight: normal; }
main > h2 { margin-top: 3rem; padding-bottom: .3rem; border-bottom: 2px solid var(--line); }
section { padding: 1rem 0 1.5rem; border-bottom: 1px solid var(--line); }
section:target h3 { text-decoration: underline; }
h3 { margin: .4rem 0; font-size: 1.15rem; }
h3 a { color: inherit; }
h4 { margin: 1.2rem 0 .3rem; color: var(--soft); font-size: .85rem; text-transform: uppercase; letter-spacing: .04em; }
a { color: var(--link); text-decoration: none; }
a:hover, a:focus-visible { text-decoration: underline; }
p { margin: .4rem 0; }
code, pre { font: .87em/1.5 ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
pre { margin: .4rem 0; padding: .7rem .9rem; overflow-x: auto; border: 1px solid var(--line); border-radius: 6px; background: var(--panel); overflow-wrap: normal; }
b { font: 600 .78rem/1.6 ui-monospace, Menlo, Consolas, monospace; text-transform: uppercase; color: var(--soft); }
b.get { color: #1a7f4b; } b.post { color: #0b62c4; } b.put, b.patch { color: #9a6200; } b.delete { color: #c0322b; }
@media (prefers-color-scheme: dark) {
  b.get { color: #5fd39a; } b.post { color: #6cb0ff; } b.put, b.patch { color: #e5b45b; } b.delete { color: #ff8b84; }
}
.scope, .type, small { color: var(--soft); font-size: .9rem; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .45rem .6rem .45rem 0; border-top: 1px solid var(--line); text-align: left; vertical-align: top; }
th { width: 13rem; font-weight: normal; }
th small { display: block; font-size: .78rem; }
td p { margin: .1rem 0; font-size: .93rem; }
@media (max-width: 50rem) {
  body { display: block; }
  nav { position: static; height: auto; border: 0; border-bottom: 1px solid var(--line); }
  nav summary { display: list-item; font-weight: 600; }
  main { padding: 1rem; }
  th { width: 9rem; }
}
`;

/** Whole, as the policy knows it by every byte between its tags. */
export const styleElement = new Html(`<style>${styles}</style>`);

/** By which the content security policy knows it. */
export const stylesHash = `sha256-${createHash('sha256').update(styles).digest('base64')}`;
