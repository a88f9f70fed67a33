/* zstd for Compress.java: libzstd.a in a library of our own, as layer/tls does with OpenSSL. */
#include <jni.h>
#include <stdint.h>
#include <zstd.h>

JNIEXPORT jlong JNICALL Java_Compress_00024Own_open(JNIEnv *env, jclass type)
{
    (void)env, (void)type;
    return (jlong)(intptr_t)ZSTD_createCCtx();
}

JNIEXPORT jint JNICALL Java_Compress_00024Own_compress(JNIEnv *env, jclass type, jlong context, jint level,
                                                      jbyteArray plain, jint length, jbyteArray out)
{
    (void)type;
    jsize room = (*env)->GetArrayLength(env, out);
    void *to = (*env)->GetPrimitiveArrayCritical(env, out, NULL);
    void *from = (*env)->GetPrimitiveArrayCritical(env, plain, NULL);
    size_t size = ZSTD_compressCCtx((ZSTD_CCtx *)(intptr_t)context, to, (size_t)room, from, (size_t)length, level);
    (*env)->ReleasePrimitiveArrayCritical(env, plain, from, JNI_ABORT);
    (*env)->ReleasePrimitiveArrayCritical(env, out, to, 0);
    return ZSTD_isError(size) ? -1 : (jint)size;
}
