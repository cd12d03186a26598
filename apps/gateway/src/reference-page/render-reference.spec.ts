import { createHash } from 'node:crypto';
import type { Type } from '@nestjs/common';
import { MODULE_METADATA } from '@nestjs/common/constants.js';
import { GatewayModule } from '../gateway.module.js';
import { buildOpenApi } from '../openapi/build-openapi.js';
import { html, prose } from './html.js';
import { renderReference } from './render-reference.js';
import { stylesHash } from './styles.js';

describe('the reference page', () => {
  const controllers = Reflect.getMetadata(MODULE_METADATA.CONTROLLERS, GatewayModule) as Type[];
  const page = renderReference(buildOpenApi(controllers));

  it('has every operation, and every link in it leads somewhere', () => {
    const ids = new Set(page.matchAll(/ id="([^"]+)"/g).map(([, id]) => id));
    expect(ids).toContain('publishEvent');
    const targets = [...page.matchAll(/ href="#([^"]+)"/g)].map(([, target]) => target);
    expect(targets.filter((target) => !ids.has(target))).toEqual([]);
  });

  it('needs nothing but the style sheet that its policy knows', () => {
    const [, styles = ''] = /<style>([^]*)<\/style>/.exec(page) ?? [];
    expect(stylesHash).toBe(`sha256-${createHash('sha256').update(styles).digest('base64')}`);
    expect(page).not.toMatch(/<script|<link|<img|style="|@import|url\(/);
  });

  it('escapes what is put into it', () => {
    expect(html`<i>${'<b>&"'}</i>`.text).toBe('<i>&lt;b&gt;&amp;&quot;</i>');
    expect(prose('a `b<c` [d](/e) [f](javascript:g)').text).toBe(
      '<p>a <code>b&lt;c</code> <a href="/e">d</a> [f](javascript:g)</p>',
    );
  });
});
