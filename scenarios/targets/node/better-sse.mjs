// better-sse as its documentation shows it: a session for each client, a channel for each name.
import betterSse from 'better-sse';
import { namesOf, serve } from './ingest.mjs';

const { createChannel, createSession } = betterSse;
const channels = new Map();

function channelOf(name) {
  if (!channels.has(name)) channels.set(name, createChannel());
  return channels.get(name);
}

serve(
  (name, text) => channelOf(name).broadcast(JSON.parse(text), 'db'),
  async (request, response) => {
    const session = await createSession(request, response);
    for (const name of namesOf(request)) channelOf(name).register(session);
  },
);
