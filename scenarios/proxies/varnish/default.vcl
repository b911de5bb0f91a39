# Debian's default.vcl: the built-in rules and an origin.
vcl 4.1;                   # the language of Varnish 7
backend origin {           # the origin
  .host = "{origin_host}";
  .port = "{origin_port}";
}
