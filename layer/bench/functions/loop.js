// The smallest Node runtime: one metric an invocation, over the Runtime API with what Node brings along.
const http = require('http');
const dgram = require('dgram');

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const statsd = dgram.createSocket('udp4');
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function call(method, path, body) {
  return new Promise((done, failed) => {
    const request = http.request({ host, port, agent, method, path: '/2018-06-01/runtime/invocation/' + path }, (answer) => {
      answer.on('data', () => {});
      answer.on('end', () => done(answer.headers['lambda-runtime-aws-request-id']));
    });
    request.on('error', failed);
    request.end(body);
  });
}

(async () => {
  for (;;) {
    const id = await call('GET', 'next');
    await new Promise((sent) => statsd.send('shop.orders.placed:1|c', process.env.DD_DOGSTATSD_PORT, '127.0.0.1', sent));
    await call('POST', id + '/response', '"ok"');
  }
})();
