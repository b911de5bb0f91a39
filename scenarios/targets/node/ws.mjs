// ws as its README shows it: "External HTTP/S server" and "Server broadcast", with a set of sockets for each name.
import { WebSocket, WebSocketServer } from 'ws';
import { namesOf, notFound, serve } from './ingest.mjs';

const subscribers = new Map();

function publish(name, text) {
  for (const socket of subscribers.get(name) ?? []) {
    if (socket.readyState === WebSocket.OPEN) socket.send(text);
  }
}

const server = serve(publish, notFound);
const sockets = new WebSocketServer({ server });
sockets.on('connection', (socket, request) => {
  const names = namesOf(request);
  for (const name of names) {
    if (!subscribers.has(name)) subscribers.set(name, new Set());
    subscribers.get(name).add(socket);
  }
  socket.on('error', console.error);
  socket.on('close', () => names.forEach((name) => subscribers.get(name).delete(socket)));
});
