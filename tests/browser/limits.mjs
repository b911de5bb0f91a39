// node limits.mjs [--strategy sse|websocket|long-poll] [--header 'Name: value']... [--max-streams N]
//     [--streams URL] [--patience MS] [--blocked MS] URL
//
// How many streams a real browser keeps open at the endpoint: a JSON line for each rule of LIMIT that is
// about the strategy, {"id","verdict","expected","seen"}. Beside WebSockets six of --streams, if that is
// given, are open. --max-streams: what the server's SETTINGS of HTTP/2 say. --patience: how long is waited for
// what must happen. --blocked: a request without an answer for so long is blocked. Exit status 77: not
// possible on this machine. Ends when its standard input does, so that it does not outlive who started it.
import { parseArgs } from 'node:util';
import { launch } from './chromium.mjs';
import { overHttp1, overHttp2, polls, probe, skip, webSockets } from './limit_rules.mjs';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    strategy: { type: 'string', default: 'sse' },
    header: { type: 'string', multiple: true, default: [] },
    'max-streams': { type: 'string' },
    streams: { type: 'string' },
    patience: { type: 'string', default: '5000' },
    blocked: { type: 'string', default: '2000' },
  },
});
const url = new URL(positionals[0].replace(/^ws/, 'http'));
process.stdin.on('end', () => process.exit(1)).resume();

const options = {
  fields: flags.header.map(line => line.match(/^([^:]+):\s*(.*)$/).slice(1)),
  maxStreams: flags['max-streams'] && Number(flags['max-streams']),
  streams: flags.streams,
  patienceMs: Number(flags.patience),
  blockedMs: Number(flags.blocked),
  report: finding => console.log(JSON.stringify(finding)),
};
const rules = { sse: overHttp1, websocket: webSockets, 'long-poll': polls }[flags.strategy];
const context = await launch({ args: ['--disable-http2'] });
await probe(context, rules, url, options);
await context.close();
if (flags.strategy === 'sse' && url.protocol === 'https:') {
  const http2 = await launch();
  await probe(http2, overHttp2, url, { ...options, protocol: 'h2' });
  await http2.close();
} else if (flags.strategy === 'sse') {
  const why = 'a browser speaks HTTP/2 over TLS only: give https';
  for (const id of Object.keys(overHttp2)) options.report({ id, ...skip(why) });
}
process.exit();
