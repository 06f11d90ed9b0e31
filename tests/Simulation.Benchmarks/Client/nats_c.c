// The C client doing what ClientBenchmark does: pipelined JetStream publishes, or pull and acknowledge.
// usage: nats_c <url> publish|pull <stream> <subject|durable> <count> <payload bytes> <window|batch>
// Prints the seconds that the measured part took.
#include <nats/nats.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void check(natsStatus s, const char *what)
{
    if (s != NATS_OK)
    {
        fprintf(stderr, "%s: %s\n", what, natsStatus_GetText(s));
        exit(1);
    }
}

static void publish(jsCtx *js, const char *subject, int count, int size)
{
    char *payload = calloc(1, size);
    for (int i = 0; i < count; i++)
        check(js_PublishAsync(js, subject, payload, size, NULL), "publish");
    jsPubOptions options;
    jsPubOptions_Init(&options);
    options.MaxWait = 30000;
    check(js_PublishAsyncComplete(js, &options), "publish complete");
    free(payload);
}

static void pull(natsConnection *connection, jsCtx *js, const char *stream, const char *durable, int count, int batch)
{
    natsSubscription *subscription = NULL;
    jsSubOptions options;
    jsSubOptions_Init(&options);
    options.Stream = stream;
    options.Consumer = durable;
    options.ManualAck = true;
    jsErrCode code = 0;
    check(js_PullSubscribe(&subscription, js, NULL, durable, NULL, &options, &code), "subscribe");
    for (int got = 0; got < count;)
    {
        natsMsgList list;
        int want = count - got < batch ? count - got : batch;
        check(natsSubscription_Fetch(&list, subscription, want, 5000, &code), "fetch");
        for (int i = 0; i < list.Count; i++)
            check(natsMsg_Ack(list.Msgs[i], NULL), "ack");
        got += list.Count;
        natsMsgList_Destroy(&list);
    }
    check(natsConnection_FlushTimeout(connection, 5000), "flush");
    natsSubscription_Destroy(subscription);
}

int main(int argc, char **argv)
{
    if (argc != 8)
        return 64;
    natsConnection *connection = NULL;
    jsCtx *js = NULL;
    jsOptions options;
    check(natsConnection_ConnectTo(&connection, argv[1]), "connect");
    jsOptions_Init(&options);
    options.PublishAsync.MaxPending = atoi(argv[7]);
    check(natsConnection_JetStream(&js, connection, &options), "jetstream");
    double begin = now();
    if (strcmp(argv[2], "publish") == 0)
        publish(js, argv[4], atoi(argv[5]), atoi(argv[6]));
    else
        pull(connection, js, argv[3], argv[4], atoi(argv[5]), atoi(argv[7]));
    printf("%.6f\n", now() - begin);
    jsCtx_Destroy(js);
    natsConnection_Destroy(connection);
    return 0;
}
