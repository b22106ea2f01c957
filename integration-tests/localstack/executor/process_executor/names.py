"""Names of LocalStack's own that only its name server knows, which does not run here: function URLs, for example."""

import socket

from localstack.constants import LOCALHOST_HOSTNAME
from localstack.runtime import hooks


@hooks.on_infra_start()
def resolve_own_names():
    resolve = socket.getaddrinfo

    def getaddrinfo(host, *args, **kwargs):
        if isinstance(host, str) and host.endswith("." + LOCALHOST_HOSTNAME):
            host = "127.0.0.1"
        return resolve(host, *args, **kwargs)

    socket.getaddrinfo = getaddrinfo
