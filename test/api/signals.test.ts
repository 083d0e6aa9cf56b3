/** Where a request came from, as far as it can be believed; what is kept of it cannot be read back. */

import { describe, expect, it } from '@jest/globals';
import type { Context } from 'hono';
import { Hono } from 'hono';
import { readConfig } from '../../api/config.ts';
import type { AppEnv } from '../../api/context.ts';
import { clientAddress, signalsOf } from '../../api/signals.ts';

describe('the address of a client', () => {
  it.each<[string, string | null, string | undefined, number, string | null]>([
    ['is that of the connection', '203.0.113.7', undefined, 0, '203.0.113.7'],
    ['is never what a client claims', '203.0.113.7', '198.51.100.1', 0, '203.0.113.7'],
    ['is what our proxy saw', '10.0.0.2', '198.51.100.1', 1, '198.51.100.1'],
    ['is not what was claimed to our proxy', '10.0.0.2', '1.1.1.1, 198.51.100.1', 1, '198.51.100.1'],
    ['is what the first of our two proxies saw', '10.0.0.2', '1.1.1.1, 198.51.100.1, 10.0.0.9', 2, '198.51.100.1'],
    ['is the connection where our proxy said nothing', '203.0.113.7', undefined, 1, '203.0.113.7'],
    ['reads IPv4 in IPv6', '::ffff:203.0.113.7', undefined, 0, '203.0.113.7'],
    ['is a network in IPv6', '2001:db8:1:2:aaaa:bbbb:cccc:dddd', undefined, 0, '2001:db8:1:2::/64'],
    ['is the same network however written', '2001:0db8:0001:0002::1', undefined, 0, '2001:db8:1:2::/64'],
    ['fills the middle of an IPv6 address', '2001:db8::1', undefined, 0, '2001:db8:0:0::/64'],
    ['is none on this machine', '127.0.0.1', undefined, 0, null],
    ['is none on this machine in IPv6', '::1', undefined, 0, null],
    ['is none in a network of its own', '192.168.1.4', undefined, 0, null],
    ['is none that is no address', '10.0.0.2', 'unknown', 1, null],
    ['is none without a connection', null, undefined, 0, null],
  ])('%s', (_title, remote, forwarded, proxies, address) => {
    expect(clientAddress(remote, forwarded, proxies)).toBe(address);
  });
});

describe('signals', () => {
  const hashes = async (headers: Record<string, string>, key = 'a-key-of-the-test') => {
    const app = new Hono<AppEnv>();
    app.get('/', (c: Context<AppEnv>) => {
      const config = readConfig({ HOLDFAST_SIGNAL_KEY: key, HOLDFAST_TRUSTED_PROXIES: '1' });
      c.set('deps', { config } as AppEnv['Variables']['deps']);
      return c.json(signalsOf(c));
    });
    return (await (await app.request('/', { headers })).json()) as ReturnType<typeof signalsOf>;
  };

  it('are the same for the same device, another under another key, and show nothing', async () => {
    const headers = { 'X-Device-Id': 'device-1234', 'X-Forwarded-For': '203.0.113.7' };
    const first = await hashes(headers);
    expect(first).toEqual(await hashes(headers));
    expect(first.deviceHash).toMatch(/^[0-9a-f]{32}$/);
    expect(first.ipHash).toMatch(/^[0-9a-f]{32}$/);
    const other = await hashes(headers, 'another-key-of-the-test');
    expect([other.deviceHash === first.deviceHash, other.ipHash === first.ipHash]).toEqual([false, false]);
    // One value is not the other's hash, even where both are written alike.
    const alike = await hashes({ 'X-Device-Id': '203.0.113.7', 'X-Forwarded-For': '203.0.113.7' });
    expect(alike.deviceHash).not.toBe(alike.ipHash);
  });

  it.each(['', 'short', 'x'.repeat(201), 'tab\tin-device-id', 'gerät-1234'])('take no device called %j', async (id) => {
    expect(await hashes({ 'X-Device-Id': id })).toEqual({ deviceHash: null, ipHash: null });
  });
});
