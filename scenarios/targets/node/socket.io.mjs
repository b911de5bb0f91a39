// Socket.IO as its documentation shows it: a room for each name, `io.to(room).emit(...)`.
import { Server } from 'socket.io';
import { notFound, serve } from './ingest.mjs';

const server = serve((name, text) => io.to(name).emit('db', text), notFound);
const io = new Server(server);
io.on('connection', (socket) => {
  socket.join((socket.handshake.query.events ?? '').split(','));
});
