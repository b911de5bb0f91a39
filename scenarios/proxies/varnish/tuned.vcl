# Varnish as push needs it: it does not look into streams.
vcl 4.1;                                              # the language of Varnish 7
backend origin {                                      # the origin
  .host = "{origin_host}";
  .port = "{origin_port}";
}
sub vcl_recv {
  if (req.http.Accept ~ "text/event-stream" || req.http.Upgrade ~ "(?i)websocket") {
    return (pipe);                                    # bytes both ways: no cache, no buffer, closes go through
  }
}
sub vcl_pipe {
  if (req.http.Upgrade) {
    set bereq.http.Upgrade = req.http.Upgrade;        # hop by hop: Varnish drops it unless told
    set bereq.http.Connection = req.http.Connection;  # the same
  } else {
    set bereq.http.Connection = "close";              # one stream a connection: nothing behind it is piped, too
  }
}
