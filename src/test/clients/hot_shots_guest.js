'use strict';
// Everything that the npm package hot-shots can emit, in each of its modes. A function without a framework: it speaks
// Lambda's Runtime API itself and writes down what it emitted.
const fs = require('fs');
const http = require('http');
const { promisify } = require('util');
const StatsD = require('hot-shots');

const [apiHost, apiPort] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const port = Number(process.env.DD_DOGSTATSD_PORT || 8125);
const tags = ['a:b', 'größe:ü'];
let notes = [];

function note(type, name, value, more = {}) {
  notes.push({ type, name, value, tags: [], rate: 1, ...more });
}

function clientOf(prefix, mode = {}) {
  return new StatsD({ host: '127.0.0.1', port, prefix, includeDatadogTelemetry: false, datadog: true,
    originDetection: false, ...mode });
}

/** One of each; the same whatever the mode. */
function everyType(client, prefix, aggregated) {
  const noted = (type, name, value, samples = 1) => note(type, `${prefix}.${name}`, value, { tags, samples });
  client.increment('count', 1, tags);
  client.increment('count', 41.5, tags);
  client.decrement('count', 2, tags);
  noted('count', 'count', 40.5, aggregated ? 1 : 3);
  client.gauge('gauge', 3, tags);
  client.gauge('gauge', -2.5, tags);
  noted('gauge', 'gauge', -2.5, aggregated ? 1 : 2);
  client.set('set', 'anne', tags);
  client.unique('set', 'bob', tags);
  client.set('set', 'anne', tags);
  ['anne', 'bob', 'anne'].slice(0, aggregated ? 2 : 3).forEach((member) => noted('set', 'set', member));
  for (const value of [1, 4.5, 2]) {
    client.histogram('histogram', value, tags);
    noted('histogram', 'histogram', value);
    client.distribution('distribution', value, { tags, sampleRate: 1 });
    noted('distribution', 'distribution', value);
    client.timing('timing', value * 100, tags);
    noted('timing', 'timing', value * 100);
  }
}

async function modes() {
  for (const [prefix, mode] of [['plain', {}], ['buffered', { maxBufferSize: 1400 }], ['aggregated', { aggregation: true }],
    ['both', { aggregation: true, maxBufferSize: 300 }]]) {
    const client = clientOf(prefix, mode);
    everyType(client, prefix, Boolean(mode.aggregation));
    await promisify(client.close.bind(client))();
  }
}

async function details() {
  Math.random = () => 0; // nothing is sampled out; what is sent carries its rate
  const client = clientOf('details', { globalTags: { constant: 1 }, cardinality: 'low' });
  const always = ['constant:1'];
  const then = Math.floor(Date.now() / 1000) - 3600;
  client.increment('rated', 3, 0.25);
  note('count', 'details.rated', 3, { tags: always, rate: 0.25 });
  client.histogram('rated_histogram', 7, 0.5, ['x:y']);
  note('histogram', 'details.rated_histogram', 7, { tags: [...always, 'x:y'], rate: 0.5 });
  client.distribution('rated_distribution', 7, 0.125);
  note('distribution', 'details.rated_distribution', 7, { tags: always, rate: 0.125 });
  client.increment('then', 2, { timestamp: then });
  client.increment('then', 3, { timestamp: new Date(then * 1000) });
  note('count', 'details.then', 5, { tags: always, at: then, samples: 2 });
  client.gauge('then_gauge', 4.25, { timestamp: then, tags: ['x:y'] });
  note('gauge', 'details.then_gauge', 4.25, { tags: [...always, 'x:y'], at: then });
  client.gaugeDelta('delta', 5); // DogStatsD has no relative gauges: a sign is part of the number
  client.gaugeDelta('delta', -3);
  note('gauge', 'details.delta', -3, { tags: always, samples: 2 });
  client.increment(['one', 'two'], 4);
  note('count', 'details.one', 4, { tags: always });
  note('count', 'details.two', 4, { tags: always });
  client.timer(() => 0, 'timer')();
  await client.asyncTimer(async () => 0, 'timer')();
  note('timing', 'details.timer', 0, { tags: always, loose: true });
  note('timing', 'details.timer', 0, { tags: always, loose: true });
  await client.asyncDistTimer(async () => 0, 'dist_timer')();
  note('distribution', 'details.dist_timer', 0, { tags: always, loose: true });
  client.childClient({ prefix: 'child.', globalTags: ['k:v'] }).increment('count');
  note('count', 'child.details.count', 1, { tags: [...always, 'k:v'] });
  eventsAndChecks(client, always, then);
  await promisify(client.close.bind(client))();
}

function eventsAndChecks(client, always, then) {
  const all = ['x:y', ...always];
  client.event('Big | order', 'two\nlines', { date_happened: new Date(then * 1000), hostname: 'somewhere',
    aggregation_key: 'key', priority: 'low', source_type_name: 'node', alert_type: 'error' }, ['x:y']);
  note('event', 'details.Big | order', 'two\nlines', { tags: all, timestampS: then, host: 'somewhere',
    aggregationKey: 'key', priority: 'low', sourceTypeName: 'node', alertType: 'error' });
  for (const status of Object.values(client.CHECKS)) {
    client.check('check', status, { date_happened: then, hostname: 'somewhere', message: 'it is so' }, ['x:y']);
    note('check', 'details.check', status, { tags: all, timestampS: then, host: 'somewhere', message: 'it is so' });
  }
}

async function telemetry() {
  const client = clientOf('told', { includeDatadogTelemetry: true });
  await new Promise((sent) => client.increment('count', 1, [], sent));
  note('count', 'told.count', 1);
  await promisify(client.close.bind(client))(); // metrics, metrics_by_type, bytes_sent and packets_sent
  note('telemetry', 'datadog.dogstatsd.client.metrics', 1, { samples: 4 });
}

function call(method, path, body) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: apiHost, port: apiPort, method, path: `/2018-06-01/runtime/invocation/${path}` },
      (response) => response.resume().on('end', () => resolve(response.headers)));
    request.on('error', reject).end(body);
  });
}

async function serve() {
  for (;;) {
    const { 'lambda-runtime-aws-request-id': id } = await call('GET', 'next');
    while (Date.now() % 10000 > 6000) { // sets and histograms are per bucket: all of it is to fall into one
      await new Promise((later) => setTimeout(later, 100));
    }
    notes = [];
    await modes();
    await details();
    await telemetry();
    fs.writeFileSync(process.env.EMITTED, JSON.stringify(notes));
    await call('POST', `${id}/response`, '"emitted"');
  }
}

serve();
