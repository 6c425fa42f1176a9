variable "region" {
  description = "AWS region to work in."
  type        = string
  default     = "eu-west-1"
}

variable "kms_key_arn" {
  description = "ARN of an existing KMS key."
  type        = string
}

variable "cluster_name" {
  description = "Name of an existing EKS cluster with the EKS Pod Identity agent."
  type        = string
}

variable "oidc_provider_arn" {
  description = "ARN of the IAM OIDC provider of the cluster."
  type        = string
}

variable "access_log_bucket" {
  description = "Name of an existing bucket that takes access logs."
  type        = string
}
