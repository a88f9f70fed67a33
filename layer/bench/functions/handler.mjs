// The same for AWS's runtime client.
import dgram from 'node:dgram';

const statsd = dgram.createSocket('udp4');

export const handler = async () => {
  await new Promise((sent) => statsd.send('shop.orders.placed:1|c', process.env.DD_DOGSTATSD_PORT, '127.0.0.1', sent));
  return 'ok';
};
