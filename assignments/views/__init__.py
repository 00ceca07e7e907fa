from django.http import HttpResponse


def listing(request):
    return HttpResponse("")


def new(request):
    return HttpResponse("")


def detail(request, pk):
    return HttpResponse("")


def move(request, pk, action):
    return HttpResponse("")


def evidence(request, pk):
    return HttpResponse("")
